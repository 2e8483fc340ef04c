"""The commands of `jixiao`, a module each; `pipeline.cli` puts them together."""
