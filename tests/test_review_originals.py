"""The originals that the review page shows: pages and lines of the file that was read, and of no other."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from helpers_pdf import write_form
from helpers_review import HERE, two_filings
from helpers_store import reading, record
from PIL import Image, ImageDraw
from sqlalchemy import delete, select, update

from pipeline.archive.store import Store
from pipeline.output.pictures.originals import NoOriginal, Originals
from pipeline.review.app import make_app
from pipeline.review.pages import Pages, excerpt
from pipeline.review.views import on_page
from schemas import tables as t
from schemas.model import Box, Reader


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return two_filings(tmp_path)


@pytest.fixture
def client(store: Store, tmp_path: Path) -> TestClient:
    (tmp_path / "raw").mkdir()
    return TestClient(make_app(store, [tmp_path / "raw"], by="王"), base_url=HERE)


def test_a_page_is_shown_from_the_original_only(tmp_path: Path) -> None:
    raw, outside = tmp_path / "raw", tmp_path / "outside"
    (raw / "pdf").mkdir(parents=True)
    outside.mkdir()
    path = write_form(raw / "pdf" / "form.pdf")
    secret = write_form(outside / "secret.pdf")
    (raw / "link.pdf").symlink_to(secret)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    archive, pages = Originals([raw]), Pages()
    assert archive.find(["form.pdf"], sha256) == path.resolve()
    assert archive.find([str(path)], sha256) == path.resolve()
    hidden = hashlib.sha256(secret.read_bytes()).hexdigest()
    for name in ("link.pdf", "../outside/secret.pdf", str(secret), "x\0y", "a" * 5000):
        with pytest.raises(NoOriginal, match="--files"):
            archive.find([name], hidden)
    with pytest.raises(NoOriginal, match="changed since"):
        archive.find(["form.pdf"], "0" * 64)
    picture = pages.picture(path, sha256, 1, False, ())
    assert (round(picture.width), round(picture.height), picture.media) == (595, 842, "image/png")
    with pytest.raises(NoOriginal, match="no page 9"):
        pages.picture(path, sha256, 9, False, ())


def test_pages_that_are_kept_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_form(tmp_path / "form.pdf")
    pages = Pages()
    monkeypatch.setattr("pipeline.review.pages.CACHE", 1)
    for sha256 in ("a", "b", "c"):
        pages.picture(path, sha256, 1, False, ())
    assert list(pages._kept) == [("c", 1, False, ())]


@pytest.mark.parametrize("turned", [0, 180])
def test_a_scan_is_shown_straightened_as_its_boxes_see_it(tmp_path: Path, turned: int) -> None:
    page = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((100, 100, 600, 140), fill="black")  # ink in the upper left, as the box below says
    page.rotate(turned).save(tmp_path / "scan.png", dpi=(150, 150))
    picture = Pages().picture(tmp_path / "scan.png", "x", 1, True, (Box(48.0, 48.0, 288.0, 67.2),))
    shown = Image.open(io.BytesIO(picture.data)).convert("L")
    assert (round(picture.width), round(picture.height), picture.media) == (595, 842, "image/jpeg")
    assert shown.getpixel((300, 120)) < 50 < 200 < shown.getpixel((940, 1634))


def test_a_page_on_its_head_is_shown_upright_whichever_of_its_forms_asks(store: Store, tmp_path: Path) -> None:
    page = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(page).rectangle((100, 100, 600, 140), fill="black")
    page.rotate(180).save(tmp_path / "scan.png", dpi=(150, 150))
    store.save(reading("scan.png", record(), record(), reader=Reader.OCR), "1", "{}")
    sha256 = hashlib.sha256((tmp_path / "scan.png").read_bytes()).hexdigest()
    with store.writing() as connection:
        connection.execute(update(t.File).where(t.File.path == "scan.png").values(sha256=sha256))
        first, second = connection.execute(
            select(t.Form.id).join(t.File).where(t.File.sha256 == sha256).order_by(t.Form.id)
        ).scalars()
        connection.execute(delete(t.Origin).where(t.Origin.form_id == first))  # it has no boxes
        edges = {"box_left": 48.0, "box_top": 48.0, "box_right": 288.0, "box_bottom": 67.2}
        connection.execute(update(t.Origin).where(t.Origin.form_id == second, t.Origin.page == 1).values(edges))
    assert on_page(store, sha256, 1) == (True, (Box(48.0, 48.0, 288.0, 67.2),))
    assert on_page(store, sha256, 2) == (True, ())
    client = TestClient(make_app(store, [tmp_path], by="王"), base_url=HERE)
    for form in (first, second):
        answer = client.get(f"/api/forms/{form}/pages/1")
        assert answer.status_code == 200
        shown = Image.open(io.BytesIO(answer.content)).convert("L")
        assert shown.getpixel((300, 120)) < 50 < 200 < shown.getpixel((940, 1634)), form


def test_a_picture_that_is_kept_is_not_shown_for_other_boxes(tmp_path: Path) -> None:
    page = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(page).rectangle((100, 100, 600, 140), fill="black")
    page.save(tmp_path / "scan.png", dpi=(150, 150))
    pages = Pages()
    upright = pages.picture(tmp_path / "scan.png", "x", 1, True, (Box(48.0, 48.0, 288.0, 67.2),))
    turned = pages.picture(tmp_path / "scan.png", "x", 1, True, (Box(307.2, 774.7, 547.2, 793.9),))
    assert Image.open(io.BytesIO(upright.data)).convert("L").getpixel((300, 120)) < 50
    assert Image.open(io.BytesIO(turned.data)).convert("L").getpixel((940, 1634)) < 50


def test_a_missing_original_is_said_and_the_record_stays(client: TestClient) -> None:
    answer = client.get("/api/forms/1").json()
    assert "--files" in answer["missing"]
    assert len(answer["values"]) > 10
    assert client.get("/api/forms/1/pages/1").status_code == 404


def test_the_lines_of_a_dump(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("\n".join(str(n) for n in range(1, 1001)), encoding="utf-8")
    found = excerpt(path, 500)
    assert (found.first, found.total, found.lines[500 - found.first]) == (300, 1000, "500")
