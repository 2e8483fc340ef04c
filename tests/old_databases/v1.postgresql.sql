-- Name: cells; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.cells (
    table_id integer NOT NULL,
    "position" integer NOT NULL,
    "row" integer NOT NULL,
    col integer NOT NULL,
    rowspan integer NOT NULL,
    colspan integer NOT NULL,
    text text NOT NULL,
    inferred text,
    lost boolean NOT NULL,
    page integer,
    box_left double precision,
    box_top double precision,
    box_right double precision,
    box_bottom double precision
);
-- Name: TABLE cells; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.cells IS 'cells of the tables; a merged cell is one row';
-- Name: COLUMN cells.table_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells.table_id IS 'table it stands in';
-- Name: COLUMN cells."position"; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells."position" IS 'order in the table, from 0';
-- Name: COLUMN cells."row"; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells."row" IS 'its first row, from 0';
-- Name: COLUMN cells.col; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells.col IS 'its first column, from 0';
-- Name: COLUMN cells.rowspan; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells.rowspan IS 'number of rows it spans';
-- Name: COLUMN cells.colspan; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells.colspan IS 'number of columns it spans';
-- Name: COLUMN cells.text; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells.text IS 'its text as printed';
-- Name: COLUMN cells.inferred; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells.inferred IS 'why its place or extent was inferred, if it was';
-- Name: COLUMN cells.lost; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells.lost IS '1: the source no longer holds its text';
-- Name: COLUMN cells.page; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells.page IS 'page of its text, from 1';
-- Name: COLUMN cells.box_left; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells.box_left IS 'left edge in points from the left of the page';
-- Name: COLUMN cells.box_top; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells.box_top IS 'top edge in points from the top of the page';
-- Name: COLUMN cells.box_right; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells.box_right IS 'right edge in points from the left of the page';
-- Name: COLUMN cells.box_bottom; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.cells.box_bottom IS 'bottom edge in points from the top of the page';
-- Name: checks; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.checks (
    form_id integer NOT NULL,
    "position" integer NOT NULL,
    rule text NOT NULL,
    verdict text NOT NULL,
    pointer text NOT NULL,
    printed text,
    computed text,
    message text NOT NULL
);
-- Name: TABLE checks; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.checks IS 'outcomes of all checks, also of those that hold or do not apply';
-- Name: COLUMN checks.form_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.checks.form_id IS 'form that was checked';
-- Name: COLUMN checks."position"; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.checks."position" IS 'order of the checks, from 0';
-- Name: COLUMN checks.rule; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.checks.rule IS 'name of the check';
-- Name: COLUMN checks.verdict; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.checks.verdict IS 'holds, not_applicable, or a finding''s verdict';
-- Name: COLUMN checks.pointer; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.checks.pointer IS 'JSON pointer into the record';
-- Name: COLUMN checks.printed; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.checks.printed IS 'what the form prints';
-- Name: COLUMN checks.computed; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.checks.computed IS 'what was computed';
-- Name: COLUMN checks.message; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.checks.message IS 'the outcome in words';
-- Name: choices; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.choices (
    form_id integer NOT NULL,
    name text NOT NULL,
    "position" integer NOT NULL,
    option text
);
-- Name: TABLE choices; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.choices IS 'ticked options of the forms'' option groups';
-- Name: COLUMN choices.form_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.choices.form_id IS 'form it stands in';
-- Name: COLUMN choices.name; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.choices.name IS 'canonical name of the group, or its label';
-- Name: COLUMN choices."position"; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.choices."position" IS 'order among the ticked options of the group, from 0';
-- Name: COLUMN choices.option; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.choices.option IS 'ticked option as printed; null: nothing is ticked';
-- Name: failures; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.failures (
    id integer NOT NULL,
    file text NOT NULL,
    sha256 text,
    stage text NOT NULL,
    category text NOT NULL,
    page integer,
    message text NOT NULL,
    refused boolean NOT NULL
);
-- Name: TABLE failures; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.failures IS 'files that were not read; a row goes when its file is read later';
-- Name: COLUMN failures.id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.failures.id IS 'number of the failure, from 1';
-- Name: COLUMN failures.file; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.failures.file IS 'path as given';
-- Name: COLUMN failures.sha256; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.failures.sha256 IS 'SHA-256 of the content; null: it could not be read';
-- Name: COLUMN failures.stage; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.failures.stage IS 'stage that failed: intake, read, interpret, store';
-- Name: COLUMN failures.category; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.failures.category IS 'what kind of failure';
-- Name: COLUMN failures.page; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.failures.page IS 'page that failed, from 1; null: not one page''s';
-- Name: COLUMN failures.message; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.failures.message IS 'what happened and what to do';
-- Name: COLUMN failures.refused; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.failures.refused IS '1: nothing is broken, but the file is not ours to read';
-- Name: fields; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.fields (
    form_id integer NOT NULL,
    "position" integer NOT NULL,
    name text NOT NULL,
    value text
);
-- Name: TABLE fields; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.fields IS 'labelled values of the forms; a label that is not printed has no row';
-- Name: COLUMN fields.form_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.fields.form_id IS 'form it stands in';
-- Name: COLUMN fields."position"; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.fields."position" IS 'order in the form, from 0';
-- Name: COLUMN fields.name; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.fields.name IS 'canonical name, or the printed label where it has none';
-- Name: COLUMN fields.value; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.fields.value IS 'as printed; null: blank, unless a finding says more';
-- Name: file_aliases; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.file_aliases (
    path text NOT NULL,
    file_id integer NOT NULL,
    name text NOT NULL
);
-- Name: TABLE file_aliases; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.file_aliases IS 'other paths at which the content of a file stands too';
-- Name: COLUMN file_aliases.path; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.file_aliases.path IS 'path as given';
-- Name: COLUMN file_aliases.file_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.file_aliases.file_id IS 'the file with this content';
-- Name: COLUMN file_aliases.name; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.file_aliases.name IS 'folder that its records would have had';
-- Name: files; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.files (
    id integer NOT NULL,
    path text NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    reader text NOT NULL,
    pages integer NOT NULL,
    outcome text NOT NULL,
    code_version text NOT NULL,
    settings text NOT NULL
);
-- Name: TABLE files; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.files IS 'files that were read, one row a content';
-- Name: COLUMN files.id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.files.id IS 'number of the file, from 1';
-- Name: COLUMN files.path; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.files.path IS 'path as given';
-- Name: COLUMN files.name; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.files.name IS 'folder of its records below records/';
-- Name: COLUMN files.sha256; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.files.sha256 IS 'SHA-256 of the content, hexadecimal';
-- Name: COLUMN files.reader; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.files.reader IS 'road it was read by: text-layer, ocr, dump';
-- Name: COLUMN files.pages; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.files.pages IS 'number of pages; 0 for a dump';
-- Name: COLUMN files.outcome; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.files.outcome IS 'forms: it holds some; no form: read, and none was found';
-- Name: COLUMN files.code_version; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.files.code_version IS 'version of the code that read it';
-- Name: COLUMN files.settings; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.files.settings IS 'settings it was read with, as text';
-- Name: findings; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.findings (
    form_id integer NOT NULL,
    "position" integer NOT NULL,
    rule text NOT NULL,
    verdict text NOT NULL,
    pointer text NOT NULL,
    printed text,
    computed text,
    message text NOT NULL
);
-- Name: TABLE findings; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.findings IS 'what is doubtful, inferred, lost, unreadable or wrong in a record';
-- Name: COLUMN findings.form_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.findings.form_id IS 'form it is about';
-- Name: COLUMN findings."position"; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.findings."position" IS 'order in the record, from 0';
-- Name: COLUMN findings.rule; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.findings.rule IS 'what was looked at';
-- Name: COLUMN findings.verdict; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.findings.verdict IS 'misread, wrong_at_source, undecidable';
-- Name: COLUMN findings.pointer; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.findings.pointer IS 'JSON pointer into the record (its key `where`)';
-- Name: COLUMN findings.printed; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.findings.printed IS 'what the form prints';
-- Name: COLUMN findings.computed; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.findings.computed IS 'what was computed';
-- Name: COLUMN findings.message; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.findings.message IS 'the finding in words';
-- Name: forms; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.forms (
    id integer NOT NULL,
    file_id integer NOT NULL,
    form_index integer NOT NULL,
    family text NOT NULL,
    kind text NOT NULL,
    title text,
    year integer,
    amount_unit text,
    reporting_unit text,
    implementing_unit text,
    project_name text,
    unit_key text,
    project_key text,
    record text NOT NULL,
    family_match text NOT NULL
);
-- Name: TABLE forms; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.forms IS 'forms of the files, each with its whole record';
-- Name: COLUMN forms.id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.id IS 'number of the form, from 1';
-- Name: COLUMN forms.file_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.file_id IS 'file it stands in';
-- Name: COLUMN forms.form_index; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.form_index IS 'number of the form in its file, from 0';
-- Name: COLUMN forms.family; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.family IS 'family definition that read it, or generic';
-- Name: COLUMN forms.kind; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.kind IS 'plans: department_target, project_target; self-reviews: department_review, project_review';
-- Name: COLUMN forms.title; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.title IS 'printed title without white space and year';
-- Name: COLUMN forms.year; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.year IS 'fiscal year as printed; null: the form prints none';
-- Name: COLUMN forms.amount_unit; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.amount_unit IS 'unit of its amounts as declared: 万元, 元';
-- Name: COLUMN forms.reporting_unit; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.reporting_unit IS '填报单位 as printed';
-- Name: COLUMN forms.implementing_unit; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.implementing_unit IS '实施单位 as printed';
-- Name: COLUMN forms.project_name; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.project_name IS '项目名称 as printed';
-- Name: COLUMN forms.unit_key; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.unit_key IS 'implementing, else reporting unit to compare by: NFKC, no white space, one quote';
-- Name: COLUMN forms.project_key; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.project_key IS 'project_name, made like unit_key';
-- Name: COLUMN forms.record; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.record IS 'the whole record as JSON';
-- Name: COLUMN forms.family_match; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.forms.family_match IS 'how it came by its family, as text';
-- Name: funds; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.funds (
    form_id integer NOT NULL,
    "position" integer NOT NULL,
    side text NOT NULL,
    path text NOT NULL,
    path_key text NOT NULL,
    depth integer NOT NULL,
    label text NOT NULL,
    label_key text NOT NULL,
    "column" text NOT NULL,
    amount text,
    amount_unit text,
    raw text,
    amount_e4 bigint
);
-- Name: TABLE funds; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.funds IS 'money cells of the forms, blank ones too';
-- Name: COLUMN funds.form_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.funds.form_id IS 'form it stands in';
-- Name: COLUMN funds."position"; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.funds."position" IS 'order in the form, row by row, from 0';
-- Name: COLUMN funds.side; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.funds.side IS 'income or expenditure';
-- Name: COLUMN funds.path; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.funds.path IS 'labels from the outermost line inward, joined by '' / ''';
-- Name: COLUMN funds.path_key; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.funds.path_key IS 'path to compare by, each label like label_key';
-- Name: COLUMN funds.depth; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.funds.depth IS 'number of labels in path, 1 for an outermost line';
-- Name: COLUMN funds.label; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.funds.label IS 'last label of path';
-- Name: COLUMN funds.label_key; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.funds.label_key IS 'label to compare by: NFKC, no white space, one style of quotes';
-- Name: COLUMN funds."column"; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.funds."column" IS 'half_year_plan, full_year_budget, initial_budget, adjusted_budget, actual, execution_rate, weight, score';
-- Name: COLUMN funds.amount; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.funds.amount IS 'decimal digits as printed; null: blank or unreadable';
-- Name: COLUMN funds.amount_unit; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.funds.amount_unit IS 'unit of amount: printed in the cell, else declared by the form; null: none, or no money';
-- Name: COLUMN funds.raw; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.funds.raw IS 'cell as printed';
-- Name: COLUMN funds.amount_e4; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.funds.amount_e4 IS 'amount in 0.0001 yuan, exact; null: no money, or no integer says exactly as much';
-- Name: indicator_values; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.indicator_values (
    indicator_id integer NOT NULL,
    which text NOT NULL,
    raw text,
    op text,
    number text,
    unit text,
    text text
);
-- Name: TABLE indicator_values; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.indicator_values IS 'targets (half_year, full_year, whole_project) and results (actual)';
-- Name: COLUMN indicator_values.indicator_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicator_values.indicator_id IS 'indicator it belongs to';
-- Name: COLUMN indicator_values.which; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicator_values.which IS 'a period of targets, or actual';
-- Name: COLUMN indicator_values.raw; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicator_values.raw IS 'cell as printed';
-- Name: COLUMN indicator_values.op; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicator_values.op IS '= ≥ ≤ > < range; null: none';
-- Name: COLUMN indicator_values.number; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicator_values.number IS 'decimal digits; 3~5 for a range';
-- Name: COLUMN indicator_values.unit; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicator_values.unit IS 'unit of number';
-- Name: COLUMN indicator_values.text; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicator_values.text IS 'what is no single condition on a number';
-- Name: indicator_weights; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.indicator_weights (
    indicator_id integer NOT NULL,
    period text NOT NULL,
    weight text
);
-- Name: TABLE indicator_weights; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.indicator_weights IS '分值 or 权重 of the indicators';
-- Name: COLUMN indicator_weights.indicator_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicator_weights.indicator_id IS 'indicator it belongs to';
-- Name: COLUMN indicator_weights.period; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicator_weights.period IS 'full_year, whole_project';
-- Name: COLUMN indicator_weights.weight; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicator_weights.weight IS 'number as printed; null: blank';
-- Name: indicators; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.indicators (
    id integer NOT NULL,
    form_id integer NOT NULL,
    "position" integer NOT NULL,
    level1 text,
    level2 text,
    level3 text,
    focus_work text,
    linked_project text,
    op text,
    unit text,
    actual text,
    score text,
    criteria text,
    note text,
    level1_points text,
    level2_points text,
    level3_points text,
    other text,
    columns_printed text NOT NULL
);
-- Name: TABLE indicators; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.indicators IS 'indicators of the forms; their targets stand in indicator_values';
-- Name: COLUMN indicators.id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.id IS 'number of the indicator, from 1';
-- Name: COLUMN indicators.form_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.form_id IS 'form it stands in';
-- Name: COLUMN indicators."position"; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators."position" IS 'order in the form, from 0';
-- Name: COLUMN indicators.level1; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.level1 IS '一级指标';
-- Name: COLUMN indicators.level2; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.level2 IS '二级指标';
-- Name: COLUMN indicators.level3; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.level3 IS '三级指标';
-- Name: COLUMN indicators.focus_work; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.focus_work IS '重点工作';
-- Name: COLUMN indicators.linked_project; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.linked_project IS '对应项目';
-- Name: COLUMN indicators.op; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.op IS 'what its operator column prints';
-- Name: COLUMN indicators.unit; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.unit IS 'what its unit column prints';
-- Name: COLUMN indicators.actual; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.actual IS '实际完成值 as printed';
-- Name: COLUMN indicators.score; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.score IS '得分 as printed';
-- Name: COLUMN indicators.criteria; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.criteria IS '评价要点及评分规则';
-- Name: COLUMN indicators.note; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.note IS 'reason of a deviation, remark';
-- Name: COLUMN indicators.level1_points; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.level1_points IS 'points printed behind the level 1 name';
-- Name: COLUMN indicators.level2_points; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.level2_points IS 'points printed behind the level 2 name';
-- Name: COLUMN indicators.level3_points; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.level3_points IS 'points printed behind the level 3 name';
-- Name: COLUMN indicators.other; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.other IS 'JSON object: cells of columns without a name of ours';
-- Name: COLUMN indicators.columns_printed; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.indicators.columns_printed IS 'JSON list: columns that the form prints; null and not in it: no such column, else blank';
-- Name: meta; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.meta (
    id integer NOT NULL,
    schema_version integer NOT NULL
);
-- Name: TABLE meta; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.meta IS 'one row: which version of these tables this database has';
-- Name: COLUMN meta.id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.meta.id IS 'always 1';
-- Name: COLUMN meta.schema_version; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.meta.schema_version IS 'version of the tables, as in PRAGMA user_version';
-- Name: origins; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.origins (
    form_id integer NOT NULL,
    "position" integer NOT NULL,
    pointer text NOT NULL,
    raw text,
    page integer,
    box_left double precision,
    box_top double precision,
    box_right double precision,
    box_bottom double precision,
    reader text NOT NULL,
    score double precision,
    line integer,
    "column" integer,
    table_id integer,
    cell_row integer,
    cell_col integer
);
-- Name: TABLE origins; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.origins IS 'where the values of the records stand in their files';
-- Name: COLUMN origins.form_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.form_id IS 'form of the value';
-- Name: COLUMN origins."position"; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins."position" IS 'order in the form, from 0';
-- Name: COLUMN origins.pointer; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.pointer IS 'JSON pointer of the value in the record';
-- Name: COLUMN origins.raw; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.raw IS 'text as seen there';
-- Name: COLUMN origins.page; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.page IS 'page, from 1; null in a dump';
-- Name: COLUMN origins.box_left; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.box_left IS 'left edge in points from the left of the page';
-- Name: COLUMN origins.box_top; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.box_top IS 'top edge in points from the top of the page';
-- Name: COLUMN origins.box_right; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.box_right IS 'right edge in points from the left of the page';
-- Name: COLUMN origins.box_bottom; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.box_bottom IS 'bottom edge in points from the top of the page';
-- Name: COLUMN origins.reader; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.reader IS 'road it was read by: text-layer, ocr, dump';
-- Name: COLUMN origins.score; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.score IS 'confidence of the reader, 0 to 1; null: none given';
-- Name: COLUMN origins.line; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.line IS 'line of the dump, from 1';
-- Name: COLUMN origins."column"; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins."column" IS 'character in the line of the dump, from 1';
-- Name: COLUMN origins.table_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.table_id IS 'table it stands in; null: outside all tables';
-- Name: COLUMN origins.cell_row; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.cell_row IS 'first row of its cell in that table, from 0';
-- Name: COLUMN origins.cell_col; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.origins.cell_col IS 'first column of its cell in that table, from 0';
-- Name: runs; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.runs (
    id integer NOT NULL,
    started text NOT NULL,
    finished text,
    code_version text NOT NULL,
    settings text NOT NULL,
    counts text
);
-- Name: TABLE runs; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.runs IS 'calls of jixiao run; the only table that holds times';
-- Name: COLUMN runs.id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.runs.id IS 'number of the run, from 1';
-- Name: COLUMN runs.started; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.runs.started IS 'when it began: ISO 8601, UTC';
-- Name: COLUMN runs.finished; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.runs.finished IS 'when it ended; null: it runs, or was broken off';
-- Name: COLUMN runs.code_version; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.runs.code_version IS 'version of the code that ran';
-- Name: COLUMN runs.settings; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.runs.settings IS 'settings that change what is read, as text';
-- Name: COLUMN runs.counts; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.runs.counts IS 'JSON object: how many files had which outcome';
-- Name: tables; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.tables (
    id integer NOT NULL,
    file_id integer NOT NULL,
    table_index integer NOT NULL,
    rows integer NOT NULL,
    cols integer NOT NULL,
    first_page integer,
    last_page integer,
    ruled boolean NOT NULL,
    notes text
);
-- Name: TABLE tables; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.tables IS 'tables of the files, stitched over page breaks';
-- Name: COLUMN tables.id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.tables.id IS 'number of the table, from 1';
-- Name: COLUMN tables.file_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.tables.file_id IS 'file it stands in';
-- Name: COLUMN tables.table_index; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.tables.table_index IS 'number of the table in its file, from 0';
-- Name: COLUMN tables.rows; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.tables.rows IS 'number of rows';
-- Name: COLUMN tables.cols; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.tables.cols IS 'number of columns';
-- Name: COLUMN tables.first_page; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.tables.first_page IS 'page it begins on, from 1; null in a dump';
-- Name: COLUMN tables.last_page; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.tables.last_page IS 'page it ends on';
-- Name: COLUMN tables.ruled; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.tables.ruled IS '1: ruling lines made its cells; 0: columns of text did';
-- Name: COLUMN tables.notes; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.tables.notes IS 'remarks of the reading, one a line';
-- Name: tasks; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.tasks (
    form_id integer NOT NULL,
    "position" integer NOT NULL,
    name text NOT NULL,
    value text
);
-- Name: TABLE tasks; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.tasks IS '年度主要任务 of the forms, one row a cell';
-- Name: COLUMN tasks.form_id; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.tasks.form_id IS 'form it stands in';
-- Name: COLUMN tasks."position"; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.tasks."position" IS 'task, from 0';
-- Name: COLUMN tasks.name; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.tasks.name IS 'what the cell tells: name, content, …';
-- Name: COLUMN tasks.value; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.tasks.value IS 'text as printed; null: blank';
-- Name: v_findings; Type: VIEW; Schema: public; Owner: -
CREATE VIEW public.v_findings AS
 SELECT s.path AS file,
    s.reader,
    f.form_index,
    f.kind,
    COALESCE(f.reporting_unit, f.implementing_unit) AS unit,
    f.year,
    f.project_name AS project,
    d."position",
    d.rule,
    d.verdict,
    d.pointer,
    d.printed,
    d.computed,
    d.message
   FROM ((public.findings d
     JOIN public.forms f ON ((f.id = d.form_id)))
     JOIN public.files s ON ((s.id = f.file_id)));
-- Name: v_funds; Type: VIEW; Schema: public; Owner: -
CREATE VIEW public.v_funds AS
 SELECT s.path AS file,
    s.reader,
    f.form_index,
    f.kind,
    COALESCE(f.reporting_unit, f.implementing_unit) AS unit,
    f.year,
    f.project_name AS project,
    m."position",
    m.side,
    m.path,
    m."column",
    m.amount,
    m.amount_unit,
    m.raw
   FROM ((public.funds m
     JOIN public.forms f ON ((f.id = m.form_id)))
     JOIN public.files s ON ((s.id = f.file_id)));
-- Name: v_indicators; Type: VIEW; Schema: public; Owner: -
CREATE VIEW public.v_indicators AS
 SELECT s.path AS file,
    s.reader,
    f.form_index,
    f.family,
    f.kind,
    COALESCE(f.reporting_unit, f.implementing_unit) AS unit,
    f.year,
    f.project_name,
    i."position",
    i.level1,
    i.level2,
    i.level3,
    i.focus_work,
    i.linked_project,
    t.raw AS target,
    t.op AS target_op,
    t.number AS target_number,
    t.unit AS target_unit,
    t.text AS target_text,
    h.raw AS half_year_target,
    w.raw AS whole_project_target,
    i.actual,
    a.op AS actual_op,
    a.number AS actual_number,
    a.unit AS actual_unit,
    a.text AS actual_text,
    g.weight,
    i.score,
    i.criteria,
    i.note
   FROM (((((((public.indicators i
     JOIN public.forms f ON ((f.id = i.form_id)))
     JOIN public.files s ON ((s.id = f.file_id)))
     LEFT JOIN public.indicator_values t ON (((t.indicator_id = i.id) AND (t.which = 'full_year'::text))))
     LEFT JOIN public.indicator_values h ON (((h.indicator_id = i.id) AND (h.which = 'half_year'::text))))
     LEFT JOIN public.indicator_values w ON (((w.indicator_id = i.id) AND (w.which = 'whole_project'::text))))
     LEFT JOIN public.indicator_values a ON (((a.indicator_id = i.id) AND (a.which = 'actual'::text))))
     LEFT JOIN public.indicator_weights g ON (((g.indicator_id = i.id) AND (g.period = 'full_year'::text))));
-- Name: v_planned_vs_spent; Type: VIEW; Schema: public; Owner: -
CREATE VIEW public.v_planned_vs_spent AS
 WITH plan_total AS (
         SELECT m.form_id,
            m.amount,
            m.amount_unit,
            m.amount_e4,
            row_number() OVER (PARTITION BY m.form_id ORDER BY
                CASE
                    WHEN ((m.label_key ~~ '%总额'::text) OR (m.label_key = ANY (ARRAY['年度金额'::text, '合计'::text]))) THEN 0
                    ELSE 1
                END,
                CASE m.side
                    WHEN 'expenditure'::text THEN 0
                    ELSE 1
                END, m."position") AS place
           FROM public.funds m
          WHERE ((m."column" = 'full_year_budget'::text) AND (m.depth = 1) AND (m.amount IS NOT NULL))
        ), planned AS (
         SELECT f.unit_key,
            f.year,
            f.project_key,
            COALESCE(f.implementing_unit, f.reporting_unit) AS unit,
            f.project_name,
            s.path AS file,
            t.amount,
            t.amount_unit,
            t.amount_e4,
            row_number() OVER (PARTITION BY f.unit_key, f.year, f.project_key ORDER BY
                CASE s.reader
                    WHEN 'text-layer'::text THEN 0
                    WHEN 'ocr'::text THEN 1
                    ELSE 2
                END, s.path, f.form_index) AS place
           FROM ((public.forms f
             JOIN public.files s ON ((s.id = f.file_id)))
             JOIN plan_total t ON (((t.form_id = f.id) AND (t.place = 1))))
          WHERE ((f.kind = 'project_target'::text) AND (f.unit_key IS NOT NULL) AND (f.year IS NOT NULL) AND (f.project_key IS NOT NULL))
        ), line AS (
         SELECT m.form_id,
            m.side,
            m.path_key,
            m.label_key,
            m.depth,
            min(m."position") AS "position",
            min(
                CASE
                    WHEN (m."column" = 'full_year_budget'::text) THEN m."position"
                    ELSE NULL::integer
                END) AS budget_position,
            min(
                CASE
                    WHEN (m."column" = 'actual'::text) THEN m."position"
                    ELSE NULL::integer
                END) AS spent_position
           FROM public.funds m
          WHERE ((m."column" = ANY (ARRAY['full_year_budget'::text, 'actual'::text])) AND (m.amount IS NOT NULL))
          GROUP BY m.form_id, m.side, m.path_key, m.label_key, m.depth
        ), project_line AS (
         SELECT f.id AS form_id,
            m.label_key AS project_key,
            m.budget_position,
            m.spent_position,
            1 AS of_department,
            row_number() OVER (PARTITION BY f.id, m.label_key ORDER BY m."position") AS place
           FROM (public.forms f
             JOIN line m ON ((m.form_id = f.id)))
          WHERE ((f.kind = 'department_review'::text) AND ((m.path_key ~~ '项目支出 / %'::text) OR (m.path_key ~~ '% / 项目支出 / %'::text)))
        UNION ALL
         SELECT f.id,
            f.project_key,
            m.budget_position,
            m.spent_position,
            0,
            row_number() OVER (PARTITION BY f.id ORDER BY
                CASE
                    WHEN ((m.label_key ~~ '%总额'::text) OR (m.label_key = ANY (ARRAY['年度金额'::text, '合计'::text]))) THEN 0
                    ELSE 1
                END,
                CASE m.side
                    WHEN 'expenditure'::text THEN 0
                    ELSE 1
                END, m."position") AS row_number
           FROM (public.forms f
             JOIN line m ON ((m.form_id = f.id)))
          WHERE ((f.kind = 'project_review'::text) AND (m.depth = 1))
        ), reviewed AS (
         SELECT f.unit_key,
            f.year,
            l.project_key,
            s.path AS file,
            b.amount AS budget,
            b.amount_unit AS budget_unit,
            b.amount_e4 AS budget_e4,
            a.amount AS spent,
            a.amount_unit AS spent_unit,
            a.amount_e4 AS spent_e4,
            row_number() OVER (PARTITION BY f.unit_key, f.year, l.project_key ORDER BY
                CASE
                    WHEN (a.amount IS NULL) THEN 1
                    ELSE 0
                END,
                CASE s.reader
                    WHEN 'text-layer'::text THEN 0
                    WHEN 'ocr'::text THEN 1
                    ELSE 2
                END, l.of_department, s.path, f.form_index) AS place
           FROM ((((project_line l
             JOIN public.forms f ON ((f.id = l.form_id)))
             JOIN public.files s ON ((s.id = f.file_id)))
             LEFT JOIN public.funds b ON (((b.form_id = f.id) AND (b."position" = l.budget_position))))
             LEFT JOIN public.funds a ON (((a.form_id = f.id) AND (a."position" = l.spent_position))))
          WHERE (l.place = 1)
        )
 SELECT p.unit,
    p.year,
    p.project_name AS project,
    p.amount AS planned,
        CASE
            WHEN (r.budget_unit = p.amount_unit) THEN r.budget
            ELSE (
            CASE
                WHEN (r.budget_e4 < 0) THEN '-'::text
                ELSE ''::text
            END ||
            CASE p.amount_unit
                WHEN '元'::text THEN rtrim(rtrim(((((abs(r.budget_e4) / 10000))::text || '.'::text) || substr((((abs(r.budget_e4) - ((abs(r.budget_e4) / 10000) * 10000)) + 10000))::text, 2)), '0'::text), '.'::text)
                WHEN '万元'::text THEN rtrim(rtrim(((((abs(r.budget_e4) / 100000000))::text || '.'::text) || substr((((abs(r.budget_e4) - ((abs(r.budget_e4) / 100000000) * 100000000)) + 100000000))::text, 2)), '0'::text), '.'::text)
                ELSE NULL::text
            END)
        END AS budget_in_review,
        CASE
            WHEN (r.spent_unit = p.amount_unit) THEN r.spent
            ELSE (
            CASE
                WHEN (r.spent_e4 < 0) THEN '-'::text
                ELSE ''::text
            END ||
            CASE p.amount_unit
                WHEN '元'::text THEN rtrim(rtrim(((((abs(r.spent_e4) / 10000))::text || '.'::text) || substr((((abs(r.spent_e4) - ((abs(r.spent_e4) / 10000) * 10000)) + 10000))::text, 2)), '0'::text), '.'::text)
                WHEN '万元'::text THEN rtrim(rtrim(((((abs(r.spent_e4) / 100000000))::text || '.'::text) || substr((((abs(r.spent_e4) - ((abs(r.spent_e4) / 100000000) * 100000000)) + 100000000))::text, 2)), '0'::text), '.'::text)
                ELSE NULL::text
            END)
        END AS spent,
    p.amount_unit,
        CASE
            WHEN (((r.spent_e4 >= '-4611686018427387904'::bigint) AND (r.spent_e4 <= '4611686018427387904'::bigint)) AND ((p.amount_e4 >= '-4611686018427387904'::bigint) AND (p.amount_e4 <= '4611686018427387904'::bigint))) THEN (
            CASE
                WHEN ((r.spent_e4 - p.amount_e4) < 0) THEN '-'::text
                ELSE ''::text
            END ||
            CASE p.amount_unit
                WHEN '元'::text THEN rtrim(rtrim(((((abs((r.spent_e4 - p.amount_e4)) / 10000))::text || '.'::text) || substr((((abs((r.spent_e4 - p.amount_e4)) - ((abs((r.spent_e4 - p.amount_e4)) / 10000) * 10000)) + 10000))::text, 2)), '0'::text), '.'::text)
                WHEN '万元'::text THEN rtrim(rtrim(((((abs((r.spent_e4 - p.amount_e4)) / 100000000))::text || '.'::text) || substr((((abs((r.spent_e4 - p.amount_e4)) - ((abs((r.spent_e4 - p.amount_e4)) / 100000000) * 100000000)) + 100000000))::text, 2)), '0'::text), '.'::text)
                ELSE NULL::text
            END)
            ELSE NULL::text
        END AS difference,
    p.file AS plan_file,
    r.file AS review_file
   FROM (planned p
     JOIN reviewed r ON (((r.unit_key = p.unit_key) AND (r.year = p.year) AND (r.project_key = p.project_key))))
  WHERE ((p.place = 1) AND (r.place = 1));
-- Data for Name: cells; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.cells VALUES (1, 0, 0, 0, 1, 2, '合计', NULL, false, 1, 10, 20, 110, 40);
INSERT INTO public.cells VALUES (1, 1, 1, 0, 1, 1, '', NULL, true, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.cells VALUES (2, 0, 0, 0, 1, 2, '合计', NULL, false, 1, 10, 20, 110, 40);
INSERT INTO public.cells VALUES (2, 1, 1, 0, 1, 1, '', NULL, true, NULL, NULL, NULL, NULL, NULL);
-- Data for Name: checks; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.checks VALUES (1, 0, 'funds.sum', 'holds', '/funds', '1', '1', 'the parts are the sum');
INSERT INTO public.checks VALUES (2, 0, 'funds.sum', 'holds', '/funds', '1', '1', 'the parts are the sum');
INSERT INTO public.checks VALUES (3, 0, 'funds.sum', 'holds', '/funds', '1', '1', 'the parts are the sum');
-- Data for Name: choices; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.choices VALUES (1, 'project_attribute', 0, '常年安排');
INSERT INTO public.choices VALUES (1, 'project_attribute', 1, '延续');
INSERT INTO public.choices VALUES (1, 'project_level', 0, NULL);
-- Data for Name: failures; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.failures VALUES (1, 'broken.pdf', NULL, 'read', 'damaged', 3, 'broken', false);
-- Data for Name: fields; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.fields VALUES (1, 0, 'reporting_unit', '如皋市社会保险基金管理中心');
INSERT INTO public.fields VALUES (1, 1, 'project_name', '“助保贷款”财政贴息');
INSERT INTO public.fields VALUES (2, 0, 'reporting_unit', '如皋市社会保险基金管理中心');
INSERT INTO public.fields VALUES (2, 1, 'project_name', '“助保贷款”财政贴息');
INSERT INTO public.fields VALUES (3, 0, 'reporting_unit', '如皋市社会保险基金管理中心');
INSERT INTO public.fields VALUES (3, 1, 'project_name', '“助保贷款”财政贴息');
-- Data for Name: file_aliases; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.file_aliases VALUES ('copy.pdf', 1, 'copy');
-- Data for Name: files; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.files VALUES (1, 'b.pdf', 'b', '9a3f96912c5f85bc082ca0bbeb28e72f588f4517c173982ccdc57a0e18a42663', 'text-layer', 2, 'forms', '1.0', '{}');
INSERT INTO public.files VALUES (2, 'a.pdf', 'a', 'a7949e623819aa32baf4c32d0457e275b4eff130ec61f43cf284ffdef26efcf4', 'text-layer', 2, 'forms', '1.0', '{}');
-- Data for Name: findings; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.findings VALUES (1, 0, 'low-score', 'undecidable', '/funds/0', NULL, NULL, '0.5');
-- Data for Name: forms; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.forms VALUES (1, 1, 0, 'generic', 'project_target', '绩效目标表', 2024, '万元', '如皋市社会保险基金管理中心', NULL, '“助保贷款”财政贴息', '如皋市社会保险基金管理中心', '"助保贷款"财政贴息', '{"source": {"file": "b.pdf", "sha256": "9a3f96912c5f85bc082ca0bbeb28e72f588f4517c173982ccdc57a0e18a42663", "pages": [1], "reader": "text-layer", "form": 0}, "family": "generic", "kind": "project_target", "title": "绩效目标表", "year": 2024, "amount_unit": "万元", "fields": {"reporting_unit": "如皋市社会保险基金管理中心", "project_name": "“助保贷款”财政贴息"}, "choices": {"project_attribute": ["常年安排", "延续"], "project_level": []}, "tasks": [{"name": "扩面", "content": null}], "funds": [{"side": "expenditure", "path": ["资金总额"], "column": "full_year_budget", "amount": "1172.45", "raw": "1172.45"}, {"side": "expenditure", "path": ["资金总额", "财政拨款"], "column": "full_year_budget", "amount": null, "raw": null}, {"side": "expenditure", "path": ["资金总额"], "column": "weight", "amount": "10", "raw": "10"}], "columns": ["level1", "level2", "level3", "targets.half_year", "targets.full_year", "actual"], "indicators": [{"level1": "产出指标", "level2": "数量指标", "level3": "发放人数", "focus_work": null, "linked_project": null, "op": null, "unit": null, "targets": {"half_year": null, "full_year": "≥95%"}, "values": {"half_year": null, "full_year": {"op": "≥", "number": "95", "unit": "%", "text": null}, "actual": {"op": null, "number": "97", "unit": "%", "text": null}}, "actual": "97%", "weights": {"full_year": "10"}, "score": "9.5", "criteria": null, "note": null, "level_points": {"level1": "6"}, "other": {"佐证": "表"}}, {"level1": "效益指标", "level2": null, "level3": null, "focus_work": null, "linked_project": null, "op": null, "unit": null, "targets": {"full_year": "健全"}, "values": {}, "actual": null, "weights": {}, "score": null, "criteria": null, "note": null}], "findings": [{"rule": "low-score", "verdict": "undecidable", "where": "/funds/0", "printed": null, "computed": null, "message": "0.5"}]}', 'family: generic
because: no title fits
nearest: rugao
missing: 填报单位');
INSERT INTO public.forms VALUES (2, 1, 1, 'generic', 'project_target', '绩效目标表', NULL, '万元', '如皋市社会保险基金管理中心', NULL, '“助保贷款”财政贴息', '如皋市社会保险基金管理中心', '"助保贷款"财政贴息', '{"source": {"file": "b.pdf", "sha256": "9a3f96912c5f85bc082ca0bbeb28e72f588f4517c173982ccdc57a0e18a42663", "pages": [1], "reader": "text-layer", "form": 1}, "family": "generic", "kind": "project_target", "title": "绩效目标表", "year": null, "amount_unit": "万元", "fields": {"reporting_unit": "如皋市社会保险基金管理中心", "project_name": "“助保贷款”财政贴息"}, "choices": {}, "tasks": [], "funds": [], "columns": [], "indicators": [], "findings": []}', 'family: generic
because: no title fits
nearest: rugao
missing: 填报单位');
INSERT INTO public.forms VALUES (3, 2, 0, 'generic', 'project_target', '绩效目标表', 2024, '万元', '如皋市社会保险基金管理中心', NULL, '“助保贷款”财政贴息', '如皋市社会保险基金管理中心', '"助保贷款"财政贴息', '{"source": {"file": "a.pdf", "sha256": "a7949e623819aa32baf4c32d0457e275b4eff130ec61f43cf284ffdef26efcf4", "pages": [1], "reader": "text-layer", "form": 0}, "family": "generic", "kind": "project_target", "title": "绩效目标表", "year": 2024, "amount_unit": "万元", "fields": {"reporting_unit": "如皋市社会保险基金管理中心", "project_name": "“助保贷款”财政贴息"}, "choices": {}, "tasks": [], "funds": [], "columns": [], "indicators": [], "findings": []}', 'family: generic
because: no title fits
nearest: rugao
missing: 填报单位');
-- Data for Name: funds; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.funds VALUES (1, 0, 'expenditure', '资金总额', '资金总额', 1, '资金总额', '资金总额', 'full_year_budget', '1172.45', '万元', '1172.45', 117245000000);
INSERT INTO public.funds VALUES (1, 1, 'expenditure', '资金总额 / 财政拨款', '资金总额 / 财政拨款', 2, '财政拨款', '财政拨款', 'full_year_budget', NULL, '万元', NULL, NULL);
INSERT INTO public.funds VALUES (1, 2, 'expenditure', '资金总额', '资金总额', 1, '资金总额', '资金总额', 'weight', '10', NULL, '10', NULL);
-- Data for Name: indicator_values; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.indicator_values VALUES (1, 'half_year', NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.indicator_values VALUES (1, 'full_year', '≥95%', '≥', '95', '%', NULL);
INSERT INTO public.indicator_values VALUES (1, 'actual', '97%', NULL, '97', '%', NULL);
INSERT INTO public.indicator_values VALUES (2, 'full_year', '健全', NULL, NULL, NULL, NULL);
INSERT INTO public.indicator_values VALUES (2, 'actual', NULL, NULL, NULL, NULL, NULL);
-- Data for Name: indicator_weights; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.indicator_weights VALUES (1, 'full_year', '10');
-- Data for Name: indicators; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.indicators VALUES (1, 1, 0, '产出指标', '数量指标', '发放人数', NULL, NULL, NULL, NULL, '97%', '9.5', NULL, NULL, '6', NULL, NULL, '{"佐证": "表"}', '["level1", "level2", "level3", "targets.half_year", "targets.full_year", "actual"]');
INSERT INTO public.indicators VALUES (2, 1, 1, '效益指标', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["level1", "level2", "level3", "targets.half_year", "targets.full_year", "actual"]');
-- Data for Name: meta; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.meta VALUES (1, 1);
-- Data for Name: origins; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.origins VALUES (1, 0, '/funds/0/amount', '1172.45', 1, 10, 20, 110, 40, 'text-layer', 0.9, NULL, NULL, 1, 0, 0);
INSERT INTO public.origins VALUES (1, 1, '/title', '目标表', NULL, NULL, NULL, NULL, NULL, 'text-layer', NULL, 3, 1, NULL, NULL, NULL);
INSERT INTO public.origins VALUES (2, 0, '/funds/0/amount', '1172.45', 1, 10, 20, 110, 40, 'text-layer', 0.9, NULL, NULL, 1, 0, 0);
INSERT INTO public.origins VALUES (2, 1, '/title', '目标表', NULL, NULL, NULL, NULL, NULL, 'text-layer', NULL, 3, 1, NULL, NULL, NULL);
INSERT INTO public.origins VALUES (3, 0, '/funds/0/amount', '1172.45', 1, 10, 20, 110, 40, 'text-layer', 0.9, NULL, NULL, 2, 0, 0);
INSERT INTO public.origins VALUES (3, 1, '/title', '目标表', NULL, NULL, NULL, NULL, NULL, 'text-layer', NULL, 3, 1, NULL, NULL, NULL);
-- Data for Name: runs; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.runs VALUES (1, '2026-11-21T05:27:50+00:00', '2026-11-21T05:27:50+00:00', '1.0', '{}', '{"files": 4, "failed": 1}');
INSERT INTO public.runs VALUES (2, '2026-11-21T05:27:50+00:00', NULL, '1.0', '{}', NULL);
-- Data for Name: tables; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.tables VALUES (1, 1, 0, 2, 2, 1, 2, true, 'ragged
short');
INSERT INTO public.tables VALUES (2, 2, 0, 2, 2, 1, 2, true, 'ragged
short');
-- Data for Name: tasks; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.tasks VALUES (1, 0, 'name', '扩面');
INSERT INTO public.tasks VALUES (1, 0, 'content', NULL);
-- Name: cells cells_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.cells
    ADD CONSTRAINT cells_pkey PRIMARY KEY (table_id, "position");
-- Name: checks checks_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.checks
    ADD CONSTRAINT checks_pkey PRIMARY KEY (form_id, "position");
-- Name: choices choices_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.choices
    ADD CONSTRAINT choices_pkey PRIMARY KEY (form_id, name, "position");
-- Name: failures failures_file_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.failures
    ADD CONSTRAINT failures_file_key UNIQUE (file);
-- Name: failures failures_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.failures
    ADD CONSTRAINT failures_pkey PRIMARY KEY (id);
-- Name: fields fields_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.fields
    ADD CONSTRAINT fields_pkey PRIMARY KEY (form_id, "position");
-- Name: file_aliases file_aliases_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.file_aliases
    ADD CONSTRAINT file_aliases_pkey PRIMARY KEY (path);
-- Name: files files_path_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_path_key UNIQUE (path);
-- Name: files files_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (id);
-- Name: files files_sha256_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_sha256_key UNIQUE (sha256);
-- Name: findings findings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.findings
    ADD CONSTRAINT findings_pkey PRIMARY KEY (form_id, "position");
-- Name: forms forms_file_id_form_index_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.forms
    ADD CONSTRAINT forms_file_id_form_index_key UNIQUE (file_id, form_index);
-- Name: forms forms_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.forms
    ADD CONSTRAINT forms_pkey PRIMARY KEY (id);
-- Name: funds funds_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.funds
    ADD CONSTRAINT funds_pkey PRIMARY KEY (form_id, "position");
-- Name: indicator_values indicator_values_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.indicator_values
    ADD CONSTRAINT indicator_values_pkey PRIMARY KEY (indicator_id, which);
-- Name: indicator_weights indicator_weights_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.indicator_weights
    ADD CONSTRAINT indicator_weights_pkey PRIMARY KEY (indicator_id, period);
-- Name: indicators indicators_form_id_position_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.indicators
    ADD CONSTRAINT indicators_form_id_position_key UNIQUE (form_id, "position");
-- Name: indicators indicators_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.indicators
    ADD CONSTRAINT indicators_pkey PRIMARY KEY (id);
-- Name: meta meta_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (id);
-- Name: origins origins_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.origins
    ADD CONSTRAINT origins_pkey PRIMARY KEY (form_id, "position");
-- Name: runs runs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);
-- Name: tables tables_file_id_table_index_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.tables
    ADD CONSTRAINT tables_file_id_table_index_key UNIQUE (file_id, table_index);
-- Name: tables tables_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.tables
    ADD CONSTRAINT tables_pkey PRIMARY KEY (id);
-- Name: tasks tasks_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (form_id, "position", name);
-- Name: ix_file_aliases_file_id; Type: INDEX; Schema: public; Owner: -
CREATE INDEX ix_file_aliases_file_id ON public.file_aliases USING btree (file_id);
-- Name: ix_forms_project_key; Type: INDEX; Schema: public; Owner: -
CREATE INDEX ix_forms_project_key ON public.forms USING btree (project_key);
-- Name: ix_forms_unit_key; Type: INDEX; Schema: public; Owner: -
CREATE INDEX ix_forms_unit_key ON public.forms USING btree (unit_key);
-- Name: ix_funds_label_key; Type: INDEX; Schema: public; Owner: -
CREATE INDEX ix_funds_label_key ON public.funds USING btree (label_key);
-- Name: ix_origins_table_id; Type: INDEX; Schema: public; Owner: -
CREATE INDEX ix_origins_table_id ON public.origins USING btree (table_id);
-- Name: cells cells_table_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.cells
    ADD CONSTRAINT cells_table_id_fkey FOREIGN KEY (table_id) REFERENCES public.tables(id) ON DELETE CASCADE;
-- Name: checks checks_form_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.checks
    ADD CONSTRAINT checks_form_id_fkey FOREIGN KEY (form_id) REFERENCES public.forms(id) ON DELETE CASCADE;
-- Name: choices choices_form_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.choices
    ADD CONSTRAINT choices_form_id_fkey FOREIGN KEY (form_id) REFERENCES public.forms(id) ON DELETE CASCADE;
-- Name: fields fields_form_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.fields
    ADD CONSTRAINT fields_form_id_fkey FOREIGN KEY (form_id) REFERENCES public.forms(id) ON DELETE CASCADE;
-- Name: file_aliases file_aliases_file_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.file_aliases
    ADD CONSTRAINT file_aliases_file_id_fkey FOREIGN KEY (file_id) REFERENCES public.files(id) ON DELETE CASCADE;
-- Name: findings findings_form_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.findings
    ADD CONSTRAINT findings_form_id_fkey FOREIGN KEY (form_id) REFERENCES public.forms(id) ON DELETE CASCADE;
-- Name: forms forms_file_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.forms
    ADD CONSTRAINT forms_file_id_fkey FOREIGN KEY (file_id) REFERENCES public.files(id) ON DELETE CASCADE;
-- Name: funds funds_form_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.funds
    ADD CONSTRAINT funds_form_id_fkey FOREIGN KEY (form_id) REFERENCES public.forms(id) ON DELETE CASCADE;
-- Name: indicator_values indicator_values_indicator_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.indicator_values
    ADD CONSTRAINT indicator_values_indicator_id_fkey FOREIGN KEY (indicator_id) REFERENCES public.indicators(id) ON DELETE CASCADE;
-- Name: indicator_weights indicator_weights_indicator_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.indicator_weights
    ADD CONSTRAINT indicator_weights_indicator_id_fkey FOREIGN KEY (indicator_id) REFERENCES public.indicators(id) ON DELETE CASCADE;
-- Name: indicators indicators_form_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.indicators
    ADD CONSTRAINT indicators_form_id_fkey FOREIGN KEY (form_id) REFERENCES public.forms(id) ON DELETE CASCADE;
-- Name: origins origins_form_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.origins
    ADD CONSTRAINT origins_form_id_fkey FOREIGN KEY (form_id) REFERENCES public.forms(id) ON DELETE CASCADE;
-- Name: origins origins_table_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.origins
    ADD CONSTRAINT origins_table_id_fkey FOREIGN KEY (table_id) REFERENCES public.tables(id) ON DELETE CASCADE;
-- Name: tables tables_file_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.tables
    ADD CONSTRAINT tables_file_id_fkey FOREIGN KEY (file_id) REFERENCES public.files(id) ON DELETE CASCADE;
-- Name: tasks tasks_form_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_form_id_fkey FOREIGN KEY (form_id) REFERENCES public.forms(id) ON DELETE CASCADE;
