"""The table of roads: which kinds of file are read, how they are told by their content, and by which road.

A row a format. The first row whose sniffing takes a file is its format, so what is told by less stands further down.
"""

from __future__ import annotations

from importlib.util import find_spec

from extractors.dump.road import is_csv, is_dump, is_markdown, read_csv, read_text
from extractors.formats import Aids, Format, Intake
from extractors.next_page import joined_over_pages
from extractors.ocr.choose import EngineSource, built_in_engine
from extractors.office.kinds import (
    is_excel,
    is_fixed_layout,
    is_old_excel,
    is_open_document,
    is_page,
    is_rich_text,
    is_uniform_office,
    is_word,
)
from extractors.office.mail_page import is_mail_page
from extractors.office.road import (
    read_excel,
    read_mail_page,
    read_old_excel,
    read_open_document,
    read_page,
    read_rich_text,
    read_sheet_xml,
    read_word,
    read_word_xml,
)
from extractors.office.xml_files import is_sheet_xml, is_word_xml
from extractors.pdf.road import is_pdf, read_pdf
from extractors.refusals import DamagedOffice, LibraryMissing, NotAPdf, naming
from extractors.scan.road import ScannedPages, is_image, read_images
from schemas.language.vocabulary import Words
from schemas.model import Document

FORMATS = (
    Format("pdf", (".pdf",), is_pdf, read_pdf, ("pdfplumber", "pypdfium2"), NotAPdf),
    Format("image", (".png", ".jpg", ".jpeg", ".tif", ".tiff"), is_image, read_images, ("PIL", "cv2")),
    Format("word", (".docx", ".docm", ".dotx", ".dotm"), is_word, read_word, ("docx",), DamagedOffice),
    Format("excel", (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb"), is_excel, read_excel, ("openpyxl",), DamagedOffice),
    Format(
        "open-document",
        (".odt", ".ods", ".fodt", ".fods"),
        is_open_document,
        read_open_document,
        ("lxml",),
        DamagedOffice,
    ),
    Format("fixed-layout", (".ofd",), is_fixed_layout, read_page, (), DamagedOffice),  # refused
    Format("uniform-office", (".uof", ".uot", ".uos"), is_uniform_office, read_page, (), DamagedOffice),  # refused
    # .doc and .wps are refused
    Format("old-excel", (".xls", ".et", ".doc", ".wps"), is_old_excel, read_old_excel, ("xlrd",), DamagedOffice),
    Format("word-xml", (), is_word_xml, read_word_xml, ("docx", "lxml")),
    Format("excel-xml", (), is_sheet_xml, read_sheet_xml, ("lxml",)),
    Format("rich-text", (".rtf",), is_rich_text, read_rich_text, (), DamagedOffice),
    Format("mail-page", (".mht", ".mhtml"), is_mail_page, read_mail_page, ("lxml", "webencodings"), DamagedOffice),
    Format("markdown", (".md", ".markdown"), is_markdown, read_text, ("lxml", "charset_normalizer")),
    Format("csv", (".csv",), is_csv, read_csv, ("charset_normalizer",)),
    Format("html", (".html", ".htm"), is_page, read_page, ("lxml", "webencodings")),
    Format("dump", (".txt", ".tsv", ".text"), is_dump, read_text, ("lxml", "charset_normalizer")),
)
SUFFIXES = tuple(suffix for row in FORMATS for suffix in row.suffixes)
"""The names that folders and archives are searched for."""


def read_document(intake: Intake, words: Words, engine: EngineSource = built_in_engine) -> Document:
    """The lines and tables of a file in order. `engine` is called at the first scanned page. Raises CannotRead."""
    row = next(row for row in FORMATS if row.name == intake.format)
    with naming(intake.shown):
        for library in row.needs:
            if find_spec(library) is None:
                raise LibraryMissing(detail=library)
        document = row.read(intake, Aids(words, ScannedPages(words, engine)))
    return document if document.pages else joined_over_pages(document, words)
