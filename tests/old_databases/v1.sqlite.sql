PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE cells ( /* cells of the tables; a merged cell is one row */
	table_id INTEGER NOT NULL /* table it stands in */, 
	position INTEGER NOT NULL /* order in the table, from 0 */, 
	"row" INTEGER NOT NULL /* its first row, from 0 */, 
	col INTEGER NOT NULL /* its first column, from 0 */, 
	rowspan INTEGER NOT NULL /* number of rows it spans */, 
	colspan INTEGER NOT NULL /* number of columns it spans */, 
	text TEXT NOT NULL /* its text as printed */, 
	inferred TEXT /* why its place or extent was inferred, if it was */, 
	lost BOOLEAN NOT NULL /* 1: the source no longer holds its text */, 
	page INTEGER /* page of its text, from 1 */, 
	box_left DOUBLE /* left edge in points from the left of the page */, 
	box_top DOUBLE /* top edge in points from the top of the page */, 
	box_right DOUBLE /* right edge in points from the left of the page */, 
	box_bottom DOUBLE /* bottom edge in points from the top of the page */, 
	PRIMARY KEY (table_id, position), 
	FOREIGN KEY(table_id) REFERENCES tables (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "cells" VALUES(1,0,0,0,1,2,'合计',NULL,0,1,10.0,20.0,110.0,40.0);
INSERT INTO "cells" VALUES(1,1,1,0,1,1,'',NULL,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "cells" VALUES(2,0,0,0,1,2,'合计',NULL,0,1,10.0,20.0,110.0,40.0);
INSERT INTO "cells" VALUES(2,1,1,0,1,1,'',NULL,1,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE checks ( /* outcomes of all checks, also of those that hold or do not apply */
	form_id INTEGER NOT NULL /* form that was checked */, 
	position INTEGER NOT NULL /* order of the checks, from 0 */, 
	rule TEXT NOT NULL /* name of the check */, 
	verdict TEXT NOT NULL /* holds, not_applicable, or a finding's verdict */, 
	pointer TEXT NOT NULL /* JSON pointer into the record */, 
	printed TEXT /* what the form prints */, 
	computed TEXT /* what was computed */, 
	message TEXT NOT NULL /* the outcome in words */, 
	PRIMARY KEY (form_id, position), 
	FOREIGN KEY(form_id) REFERENCES forms (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "checks" VALUES(1,0,'funds.sum','holds','/funds','1','1','the parts are the sum');
INSERT INTO "checks" VALUES(2,0,'funds.sum','holds','/funds','1','1','the parts are the sum');
INSERT INTO "checks" VALUES(3,0,'funds.sum','holds','/funds','1','1','the parts are the sum');
CREATE TABLE choices ( /* ticked options of the forms' option groups */
	form_id INTEGER NOT NULL /* form it stands in */, 
	name TEXT NOT NULL /* canonical name of the group, or its label */, 
	position INTEGER NOT NULL /* order among the ticked options of the group, from 0 */, 
	option TEXT /* ticked option as printed; null: nothing is ticked */, 
	PRIMARY KEY (form_id, name, position), 
	FOREIGN KEY(form_id) REFERENCES forms (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "choices" VALUES(1,'project_attribute',0,'常年安排');
INSERT INTO "choices" VALUES(1,'project_attribute',1,'延续');
INSERT INTO "choices" VALUES(1,'project_level',0,NULL);
CREATE TABLE failures ( /* files that were not read; a row goes when its file is read later */
	id INTEGER NOT NULL /* number of the failure, from 1 */, 
	file TEXT NOT NULL /* path as given */, 
	sha256 TEXT /* SHA-256 of the content; null: it could not be read */, 
	stage TEXT NOT NULL /* stage that failed: intake, read, interpret, store */, 
	category TEXT NOT NULL /* what kind of failure */, 
	page INTEGER /* page that failed, from 1; null: not one page's */, 
	message TEXT NOT NULL /* what happened and what to do */, 
	refused BOOLEAN NOT NULL /* 1: nothing is broken, but the file is not ours to read */, 
	PRIMARY KEY (id), 
	UNIQUE (file)
);
INSERT INTO "failures" VALUES(1,'broken.pdf',NULL,'read','damaged',3,'broken',0);
CREATE TABLE fields ( /* labelled values of the forms; a label that is not printed has no row */
	form_id INTEGER NOT NULL /* form it stands in */, 
	position INTEGER NOT NULL /* order in the form, from 0 */, 
	name TEXT NOT NULL /* canonical name, or the printed label where it has none */, 
	value TEXT /* as printed; null: blank, unless a finding says more */, 
	PRIMARY KEY (form_id, position), 
	FOREIGN KEY(form_id) REFERENCES forms (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "fields" VALUES(1,0,'reporting_unit','如皋市社会保险基金管理中心');
INSERT INTO "fields" VALUES(1,1,'project_name','“助保贷款”财政贴息');
INSERT INTO "fields" VALUES(2,0,'reporting_unit','如皋市社会保险基金管理中心');
INSERT INTO "fields" VALUES(2,1,'project_name','“助保贷款”财政贴息');
INSERT INTO "fields" VALUES(3,0,'reporting_unit','如皋市社会保险基金管理中心');
INSERT INTO "fields" VALUES(3,1,'project_name','“助保贷款”财政贴息');
CREATE TABLE file_aliases ( /* other paths at which the content of a file stands too */
	path TEXT NOT NULL /* path as given */, 
	file_id INTEGER NOT NULL /* the file with this content */, 
	name TEXT NOT NULL /* folder that its records would have had */, 
	PRIMARY KEY (path), 
	FOREIGN KEY(file_id) REFERENCES files (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "file_aliases" VALUES('copy.pdf',1,'copy');
CREATE TABLE files ( /* files that were read, one row a content */
	id INTEGER NOT NULL /* number of the file, from 1 */, 
	path TEXT NOT NULL /* path as given */, 
	name TEXT NOT NULL /* folder of its records below records/ */, 
	sha256 TEXT NOT NULL /* SHA-256 of the content, hexadecimal */, 
	reader TEXT NOT NULL /* road it was read by: text-layer, ocr, dump */, 
	pages INTEGER NOT NULL /* number of pages; 0 for a dump */, 
	outcome TEXT NOT NULL /* forms: it holds some; no form: read, and none was found */, 
	code_version TEXT NOT NULL /* version of the code that read it */, 
	settings TEXT NOT NULL /* settings it was read with, as text */, 
	PRIMARY KEY (id), 
	UNIQUE (path), 
	UNIQUE (sha256)
);
INSERT INTO "files" VALUES(1,'b.pdf','b','9a3f96912c5f85bc082ca0bbeb28e72f588f4517c173982ccdc57a0e18a42663','text-layer',2,'forms','1.0','{}');
INSERT INTO "files" VALUES(2,'a.pdf','a','a7949e623819aa32baf4c32d0457e275b4eff130ec61f43cf284ffdef26efcf4','text-layer',2,'forms','1.0','{}');
CREATE TABLE findings ( /* what is doubtful, inferred, lost, unreadable or wrong in a record */
	form_id INTEGER NOT NULL /* form it is about */, 
	position INTEGER NOT NULL /* order in the record, from 0 */, 
	rule TEXT NOT NULL /* what was looked at */, 
	verdict TEXT NOT NULL /* misread, wrong_at_source, undecidable */, 
	pointer TEXT NOT NULL /* JSON pointer into the record (its key `where`) */, 
	printed TEXT /* what the form prints */, 
	computed TEXT /* what was computed */, 
	message TEXT NOT NULL /* the finding in words */, 
	PRIMARY KEY (form_id, position), 
	FOREIGN KEY(form_id) REFERENCES forms (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "findings" VALUES(1,0,'low-score','undecidable','/funds/0',NULL,NULL,'0.5');
CREATE TABLE forms ( /* forms of the files, each with its whole record */
	id INTEGER NOT NULL /* number of the form, from 1 */, 
	file_id INTEGER NOT NULL /* file it stands in */, 
	form_index INTEGER NOT NULL /* number of the form in its file, from 0 */, 
	family TEXT NOT NULL /* family definition that read it, or generic */, 
	kind TEXT NOT NULL /* plans: department_target, project_target; self-reviews: department_review, project_review */, 
	title TEXT /* printed title without white space and year */, 
	year INTEGER /* fiscal year as printed; null: the form prints none */, 
	amount_unit TEXT /* unit of its amounts as declared: 万元, 元 */, 
	reporting_unit TEXT /* 填报单位 as printed */, 
	implementing_unit TEXT /* 实施单位 as printed */, 
	project_name TEXT /* 项目名称 as printed */, 
	unit_key TEXT /* implementing, else reporting unit to compare by: NFKC, no white space, one quote */, 
	project_key TEXT /* project_name, made like unit_key */, 
	record TEXT NOT NULL /* the whole record as JSON */, 
	family_match TEXT NOT NULL /* how it came by its family, as text */, 
	PRIMARY KEY (id), 
	UNIQUE (file_id, form_index), 
	FOREIGN KEY(file_id) REFERENCES files (id) ON DELETE CASCADE
);
INSERT INTO "forms" VALUES(1,1,0,'generic','project_target','绩效目标表',2024,'万元','如皋市社会保险基金管理中心',NULL,'“助保贷款”财政贴息','如皋市社会保险基金管理中心','"助保贷款"财政贴息','{"source": {"file": "b.pdf", "sha256": "9a3f96912c5f85bc082ca0bbeb28e72f588f4517c173982ccdc57a0e18a42663", "pages": [1], "reader": "text-layer", "form": 0}, "family": "generic", "kind": "project_target", "title": "绩效目标表", "year": 2024, "amount_unit": "万元", "fields": {"reporting_unit": "如皋市社会保险基金管理中心", "project_name": "“助保贷款”财政贴息"}, "choices": {"project_attribute": ["常年安排", "延续"], "project_level": []}, "tasks": [{"name": "扩面", "content": null}], "funds": [{"side": "expenditure", "path": ["资金总额"], "column": "full_year_budget", "amount": "1172.45", "raw": "1172.45"}, {"side": "expenditure", "path": ["资金总额", "财政拨款"], "column": "full_year_budget", "amount": null, "raw": null}, {"side": "expenditure", "path": ["资金总额"], "column": "weight", "amount": "10", "raw": "10"}], "columns": ["level1", "level2", "level3", "targets.half_year", "targets.full_year", "actual"], "indicators": [{"level1": "产出指标", "level2": "数量指标", "level3": "发放人数", "focus_work": null, "linked_project": null, "op": null, "unit": null, "targets": {"half_year": null, "full_year": "≥95%"}, "values": {"half_year": null, "full_year": {"op": "≥", "number": "95", "unit": "%", "text": null}, "actual": {"op": null, "number": "97", "unit": "%", "text": null}}, "actual": "97%", "weights": {"full_year": "10"}, "score": "9.5", "criteria": null, "note": null, "level_points": {"level1": "6"}, "other": {"佐证": "表"}}, {"level1": "效益指标", "level2": null, "level3": null, "focus_work": null, "linked_project": null, "op": null, "unit": null, "targets": {"full_year": "健全"}, "values": {}, "actual": null, "weights": {}, "score": null, "criteria": null, "note": null}], "findings": [{"rule": "low-score", "verdict": "undecidable", "where": "/funds/0", "printed": null, "computed": null, "message": "0.5"}]}','family: generic
because: no title fits
nearest: rugao
missing: 填报单位');
INSERT INTO "forms" VALUES(2,1,1,'generic','project_target','绩效目标表',NULL,'万元','如皋市社会保险基金管理中心',NULL,'“助保贷款”财政贴息','如皋市社会保险基金管理中心','"助保贷款"财政贴息','{"source": {"file": "b.pdf", "sha256": "9a3f96912c5f85bc082ca0bbeb28e72f588f4517c173982ccdc57a0e18a42663", "pages": [1], "reader": "text-layer", "form": 1}, "family": "generic", "kind": "project_target", "title": "绩效目标表", "year": null, "amount_unit": "万元", "fields": {"reporting_unit": "如皋市社会保险基金管理中心", "project_name": "“助保贷款”财政贴息"}, "choices": {}, "tasks": [], "funds": [], "columns": [], "indicators": [], "findings": []}','family: generic
because: no title fits
nearest: rugao
missing: 填报单位');
INSERT INTO "forms" VALUES(3,2,0,'generic','project_target','绩效目标表',2024,'万元','如皋市社会保险基金管理中心',NULL,'“助保贷款”财政贴息','如皋市社会保险基金管理中心','"助保贷款"财政贴息','{"source": {"file": "a.pdf", "sha256": "a7949e623819aa32baf4c32d0457e275b4eff130ec61f43cf284ffdef26efcf4", "pages": [1], "reader": "text-layer", "form": 0}, "family": "generic", "kind": "project_target", "title": "绩效目标表", "year": 2024, "amount_unit": "万元", "fields": {"reporting_unit": "如皋市社会保险基金管理中心", "project_name": "“助保贷款”财政贴息"}, "choices": {}, "tasks": [], "funds": [], "columns": [], "indicators": [], "findings": []}','family: generic
because: no title fits
nearest: rugao
missing: 填报单位');
CREATE TABLE funds ( /* money cells of the forms, blank ones too */
	form_id INTEGER NOT NULL /* form it stands in */, 
	position INTEGER NOT NULL /* order in the form, row by row, from 0 */, 
	side TEXT NOT NULL /* income or expenditure */, 
	path TEXT NOT NULL /* labels from the outermost line inward, joined by ' / ' */, 
	path_key TEXT NOT NULL /* path to compare by, each label like label_key */, 
	depth INTEGER NOT NULL /* number of labels in path, 1 for an outermost line */, 
	label TEXT NOT NULL /* last label of path */, 
	label_key TEXT NOT NULL /* label to compare by: NFKC, no white space, one style of quotes */, 
	"column" TEXT NOT NULL /* half_year_plan, full_year_budget, initial_budget, adjusted_budget, actual, execution_rate, weight, score */, 
	amount TEXT /* decimal digits as printed; null: blank or unreadable */, 
	amount_unit TEXT /* unit of amount: printed in the cell, else declared by the form; null: none, or no money */, 
	raw TEXT /* cell as printed */, 
	amount_e4 INTEGER /* amount in 0.0001 yuan, exact; null: no money, or no integer says exactly as much */, 
	PRIMARY KEY (form_id, position), 
	FOREIGN KEY(form_id) REFERENCES forms (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "funds" VALUES(1,0,'expenditure','资金总额','资金总额',1,'资金总额','资金总额','full_year_budget','1172.45','万元','1172.45',117245000000);
INSERT INTO "funds" VALUES(1,1,'expenditure','资金总额 / 财政拨款','资金总额 / 财政拨款',2,'财政拨款','财政拨款','full_year_budget',NULL,'万元',NULL,NULL);
INSERT INTO "funds" VALUES(1,2,'expenditure','资金总额','资金总额',1,'资金总额','资金总额','weight','10',NULL,'10',NULL);
CREATE TABLE indicator_values ( /* targets (half_year, full_year, whole_project) and results (actual) */
	indicator_id INTEGER NOT NULL /* indicator it belongs to */, 
	which TEXT NOT NULL /* a period of targets, or actual */, 
	raw TEXT /* cell as printed */, 
	op TEXT /* = ≥ ≤ > < range; null: none */, 
	number TEXT /* decimal digits; 3~5 for a range */, 
	unit TEXT /* unit of number */, 
	text TEXT /* what is no single condition on a number */, 
	PRIMARY KEY (indicator_id, which), 
	FOREIGN KEY(indicator_id) REFERENCES indicators (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "indicator_values" VALUES(1,'actual','97%',NULL,'97','%',NULL);
INSERT INTO "indicator_values" VALUES(1,'full_year','≥95%','≥','95','%',NULL);
INSERT INTO "indicator_values" VALUES(1,'half_year',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "indicator_values" VALUES(2,'actual',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "indicator_values" VALUES(2,'full_year','健全',NULL,NULL,NULL,NULL);
CREATE TABLE indicator_weights ( /* 分值 or 权重 of the indicators */
	indicator_id INTEGER NOT NULL /* indicator it belongs to */, 
	period TEXT NOT NULL /* full_year, whole_project */, 
	weight TEXT /* number as printed; null: blank */, 
	PRIMARY KEY (indicator_id, period), 
	FOREIGN KEY(indicator_id) REFERENCES indicators (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "indicator_weights" VALUES(1,'full_year','10');
CREATE TABLE indicators ( /* indicators of the forms; their targets stand in indicator_values */
	id INTEGER NOT NULL /* number of the indicator, from 1 */, 
	form_id INTEGER NOT NULL /* form it stands in */, 
	position INTEGER NOT NULL /* order in the form, from 0 */, 
	level1 TEXT /* 一级指标 */, 
	level2 TEXT /* 二级指标 */, 
	level3 TEXT /* 三级指标 */, 
	focus_work TEXT /* 重点工作 */, 
	linked_project TEXT /* 对应项目 */, 
	op TEXT /* what its operator column prints */, 
	unit TEXT /* what its unit column prints */, 
	actual TEXT /* 实际完成值 as printed */, 
	score TEXT /* 得分 as printed */, 
	criteria TEXT /* 评价要点及评分规则 */, 
	note TEXT /* reason of a deviation, remark */, 
	level1_points TEXT /* points printed behind the level 1 name */, 
	level2_points TEXT /* points printed behind the level 2 name */, 
	level3_points TEXT /* points printed behind the level 3 name */, 
	other TEXT /* JSON object: cells of columns without a name of ours */, 
	columns_printed TEXT NOT NULL /* JSON list: columns that the form prints; null and not in it: no such column, else blank */, 
	PRIMARY KEY (id), 
	UNIQUE (form_id, position), 
	FOREIGN KEY(form_id) REFERENCES forms (id) ON DELETE CASCADE
);
INSERT INTO "indicators" VALUES(1,1,0,'产出指标','数量指标','发放人数',NULL,NULL,NULL,NULL,'97%','9.5',NULL,NULL,'6',NULL,NULL,'{"佐证": "表"}','["level1", "level2", "level3", "targets.half_year", "targets.full_year", "actual"]');
INSERT INTO "indicators" VALUES(2,1,1,'效益指标',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["level1", "level2", "level3", "targets.half_year", "targets.full_year", "actual"]');
CREATE TABLE meta ( /* one row: which version of these tables this database has */
	id INTEGER NOT NULL /* always 1 */, 
	schema_version INTEGER NOT NULL /* version of the tables, as in PRAGMA user_version */, 
	PRIMARY KEY (id)
);
INSERT INTO "meta" VALUES(1,1);
CREATE TABLE origins ( /* where the values of the records stand in their files */
	form_id INTEGER NOT NULL /* form of the value */, 
	position INTEGER NOT NULL /* order in the form, from 0 */, 
	pointer TEXT NOT NULL /* JSON pointer of the value in the record */, 
	raw TEXT /* text as seen there */, 
	page INTEGER /* page, from 1; null in a dump */, 
	box_left DOUBLE /* left edge in points from the left of the page */, 
	box_top DOUBLE /* top edge in points from the top of the page */, 
	box_right DOUBLE /* right edge in points from the left of the page */, 
	box_bottom DOUBLE /* bottom edge in points from the top of the page */, 
	reader TEXT NOT NULL /* road it was read by: text-layer, ocr, dump */, 
	score DOUBLE /* confidence of the reader, 0 to 1; null: none given */, 
	line INTEGER /* line of the dump, from 1 */, 
	"column" INTEGER /* character in the line of the dump, from 1 */, 
	table_id INTEGER /* table it stands in; null: outside all tables */, 
	cell_row INTEGER /* first row of its cell in that table, from 0 */, 
	cell_col INTEGER /* first column of its cell in that table, from 0 */, 
	PRIMARY KEY (form_id, position), 
	FOREIGN KEY(form_id) REFERENCES forms (id) ON DELETE CASCADE, 
	FOREIGN KEY(table_id) REFERENCES tables (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "origins" VALUES(1,0,'/funds/0/amount','1172.45',1,10.0,20.0,110.0,40.0,'text-layer',0.9,NULL,NULL,1,0,0);
INSERT INTO "origins" VALUES(1,1,'/title','目标表',NULL,NULL,NULL,NULL,NULL,'text-layer',NULL,3,1,NULL,NULL,NULL);
INSERT INTO "origins" VALUES(2,0,'/funds/0/amount','1172.45',1,10.0,20.0,110.0,40.0,'text-layer',0.9,NULL,NULL,1,0,0);
INSERT INTO "origins" VALUES(2,1,'/title','目标表',NULL,NULL,NULL,NULL,NULL,'text-layer',NULL,3,1,NULL,NULL,NULL);
INSERT INTO "origins" VALUES(3,0,'/funds/0/amount','1172.45',1,10.0,20.0,110.0,40.0,'text-layer',0.9,NULL,NULL,2,0,0);
INSERT INTO "origins" VALUES(3,1,'/title','目标表',NULL,NULL,NULL,NULL,NULL,'text-layer',NULL,3,1,NULL,NULL,NULL);
CREATE TABLE runs ( /* calls of jixiao run; the only table that holds times */
	id INTEGER NOT NULL /* number of the run, from 1 */, 
	started TEXT NOT NULL /* when it began: ISO 8601, UTC */, 
	finished TEXT /* when it ended; null: it runs, or was broken off */, 
	code_version TEXT NOT NULL /* version of the code that ran */, 
	settings TEXT NOT NULL /* settings that change what is read, as text */, 
	counts TEXT /* JSON object: how many files had which outcome */, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'2026-11-21T05:26:31+00:00','2026-11-21T05:26:31+00:00','1.0','{}','{"files": 4, "failed": 1}');
INSERT INTO "runs" VALUES(2,'2026-11-21T05:26:31+00:00',NULL,'1.0','{}',NULL);
CREATE TABLE tables ( /* tables of the files, stitched over page breaks */
	id INTEGER NOT NULL /* number of the table, from 1 */, 
	file_id INTEGER NOT NULL /* file it stands in */, 
	table_index INTEGER NOT NULL /* number of the table in its file, from 0 */, 
	rows INTEGER NOT NULL /* number of rows */, 
	cols INTEGER NOT NULL /* number of columns */, 
	first_page INTEGER /* page it begins on, from 1; null in a dump */, 
	last_page INTEGER /* page it ends on */, 
	ruled BOOLEAN NOT NULL /* 1: ruling lines made its cells; 0: columns of text did */, 
	notes TEXT /* remarks of the reading, one a line */, 
	PRIMARY KEY (id), 
	UNIQUE (file_id, table_index), 
	FOREIGN KEY(file_id) REFERENCES files (id) ON DELETE CASCADE
);
INSERT INTO "tables" VALUES(1,1,0,2,2,1,2,1,'ragged
short');
INSERT INTO "tables" VALUES(2,2,0,2,2,1,2,1,'ragged
short');
CREATE TABLE tasks ( /* 年度主要任务 of the forms, one row a cell */
	form_id INTEGER NOT NULL /* form it stands in */, 
	position INTEGER NOT NULL /* task, from 0 */, 
	name TEXT NOT NULL /* what the cell tells: name, content, … */, 
	value TEXT /* text as printed; null: blank */, 
	PRIMARY KEY (form_id, position, name), 
	FOREIGN KEY(form_id) REFERENCES forms (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "tasks" VALUES(1,0,'content',NULL);
INSERT INTO "tasks" VALUES(1,0,'name','扩面');
CREATE INDEX ix_file_aliases_file_id ON file_aliases (file_id);
CREATE INDEX ix_forms_unit_key ON forms (unit_key);
CREATE INDEX ix_forms_project_key ON forms (project_key);
CREATE INDEX ix_funds_label_key ON funds (label_key);
CREATE INDEX ix_origins_table_id ON origins (table_id);
CREATE VIEW v_indicators AS /* one row an indicator; target: the whole year's; _op, _number, _unit, _text: parsed */
SELECT s.path AS file, s.reader, f.form_index, f.family, f.kind,
       coalesce(f.reporting_unit, f.implementing_unit) AS unit, f.year,
       f.project_name, i.position, i.level1, i.level2, i.level3, i.focus_work, i.linked_project,
       t.raw AS target, t.op AS target_op, t.number AS target_number, t.unit AS target_unit,
       t.text AS target_text, h.raw AS half_year_target, w.raw AS whole_project_target,
       i.actual, a.op AS actual_op, a.number AS actual_number, a.unit AS actual_unit, a.text AS actual_text,
       g.weight, i.score, i.criteria, i.note
FROM indicators i
JOIN forms f ON f.id = i.form_id
JOIN files s ON s.id = f.file_id
LEFT JOIN indicator_values t ON t.indicator_id = i.id AND t.which = 'full_year'
LEFT JOIN indicator_values h ON h.indicator_id = i.id AND h.which = 'half_year'
LEFT JOIN indicator_values w ON w.indicator_id = i.id AND w.which = 'whole_project'
LEFT JOIN indicator_values a ON a.indicator_id = i.id AND a.which = 'actual'
LEFT JOIN indicator_weights g ON g.indicator_id = i.id AND g.period = 'full_year';
CREATE VIEW v_funds AS /* one row a money cell */
SELECT s.path AS file, s.reader, f.form_index, f.kind, coalesce(f.reporting_unit, f.implementing_unit) AS unit, f.year,
       f.project_name AS project, m.position, m.side, m.path, m."column", m.amount, m.amount_unit, m.raw
FROM funds m
JOIN forms f ON f.id = m.form_id
JOIN files s ON s.id = f.file_id;
CREATE VIEW v_findings AS /* one row a finding, with the form it is about */
SELECT s.path AS file, s.reader, f.form_index, f.kind, coalesce(f.reporting_unit, f.implementing_unit) AS unit, f.year,
       f.project_name AS project, d.position, d.rule, d.verdict, d.pointer, d.printed, d.computed, d.message
FROM findings d
JOIN forms f ON f.id = d.form_id
JOIN files s ON s.id = f.file_id;
CREATE VIEW v_planned_vs_spent AS /* one row a project of a unit and year that has a plan and a self-review; amounts in amount_unit; difference: spent - planned, exact; of several readings of a filing the best reader's */
WITH
plan_total AS (
    SELECT m.form_id, m.amount, m.amount_unit, m.amount_e4,
           row_number() OVER (
               PARTITION BY m.form_id ORDER BY CASE WHEN m.label_key LIKE '%总额' OR m.label_key IN ('年度金额', '合计') THEN 0 ELSE 1 END, CASE m.side WHEN 'expenditure' THEN 0 ELSE 1 END, m.position
           ) AS place
    FROM funds m
    WHERE m."column" = 'full_year_budget' AND m.depth = 1 AND m.amount IS NOT NULL
),
planned AS (
    SELECT f.unit_key, f.year, f.project_key, coalesce(f.implementing_unit, f.reporting_unit) AS unit,
           f.project_name, s.path AS file, t.amount, t.amount_unit, t.amount_e4,
           row_number() OVER (
               PARTITION BY f.unit_key, f.year, f.project_key ORDER BY CASE s.reader WHEN 'text-layer' THEN 0 WHEN 'ocr' THEN 1 ELSE 2 END, s.path, f.form_index
           ) AS place
    FROM forms f
    JOIN files s ON s.id = f.file_id
    JOIN plan_total t ON t.form_id = f.id AND t.place = 1
    WHERE f.kind = 'project_target'
      AND f.unit_key IS NOT NULL AND f.year IS NOT NULL AND f.project_key IS NOT NULL
),
line AS (
    SELECT m.form_id, m.side, m.path_key, m.label_key, m.depth, min(m.position) AS position,
           min(CASE WHEN m."column" = 'full_year_budget' THEN m.position END) AS budget_position,
           min(CASE WHEN m."column" = 'actual' THEN m.position END) AS spent_position
    FROM funds m
    WHERE m."column" IN ('full_year_budget', 'actual') AND m.amount IS NOT NULL
    GROUP BY m.form_id, m.side, m.path_key, m.label_key, m.depth
),
project_line AS (
    SELECT f.id AS form_id, m.label_key AS project_key, m.budget_position, m.spent_position,
           1 AS of_department,
           row_number() OVER (PARTITION BY f.id, m.label_key ORDER BY m.position) AS place
    FROM forms f
    JOIN line m ON m.form_id = f.id
    WHERE f.kind = 'department_review'
      AND (m.path_key LIKE '项目支出 / %' OR m.path_key LIKE '% / 项目支出 / %')
    UNION ALL
    SELECT f.id, f.project_key, m.budget_position, m.spent_position, 0,
           row_number() OVER (PARTITION BY f.id ORDER BY CASE WHEN m.label_key LIKE '%总额' OR m.label_key IN ('年度金额', '合计') THEN 0 ELSE 1 END, CASE m.side WHEN 'expenditure' THEN 0 ELSE 1 END, m.position)
    FROM forms f
    JOIN line m ON m.form_id = f.id
    WHERE f.kind = 'project_review' AND m.depth = 1
),
reviewed AS (
    SELECT f.unit_key, f.year, l.project_key, s.path AS file,
           b.amount AS budget, b.amount_unit AS budget_unit, b.amount_e4 AS budget_e4,
           a.amount AS spent, a.amount_unit AS spent_unit, a.amount_e4 AS spent_e4,
           row_number() OVER (
               PARTITION BY f.unit_key, f.year, l.project_key
               ORDER BY CASE WHEN a.amount IS NULL THEN 1 ELSE 0 END, CASE s.reader WHEN 'text-layer' THEN 0 WHEN 'ocr' THEN 1 ELSE 2 END, l.of_department,
                        s.path, f.form_index
           ) AS place
    FROM project_line l
    JOIN forms f ON f.id = l.form_id
    JOIN files s ON s.id = f.file_id
    LEFT JOIN funds b ON b.form_id = f.id AND b.position = l.budget_position
    LEFT JOIN funds a ON a.form_id = f.id AND a.position = l.spent_position
    WHERE l.place = 1
)
SELECT p.unit, p.year, p.project_name AS project, p.amount AS planned,
       CASE WHEN r.budget_unit = p.amount_unit THEN r.budget ELSE CASE WHEN r.budget_e4 < 0 THEN '-' ELSE '' END || CASE p.amount_unit WHEN '元' THEN rtrim(rtrim(CAST(abs(r.budget_e4) / 10000 AS TEXT) || '.' || substr(CAST(abs(r.budget_e4) - abs(r.budget_e4) / 10000 * 10000 + 10000 AS TEXT), 2), '0'), '.') WHEN '万元' THEN rtrim(rtrim(CAST(abs(r.budget_e4) / 100000000 AS TEXT) || '.' || substr(CAST(abs(r.budget_e4) - abs(r.budget_e4) / 100000000 * 100000000 + 100000000 AS TEXT), 2), '0'), '.') END END AS budget_in_review,
       CASE WHEN r.spent_unit = p.amount_unit THEN r.spent ELSE CASE WHEN r.spent_e4 < 0 THEN '-' ELSE '' END || CASE p.amount_unit WHEN '元' THEN rtrim(rtrim(CAST(abs(r.spent_e4) / 10000 AS TEXT) || '.' || substr(CAST(abs(r.spent_e4) - abs(r.spent_e4) / 10000 * 10000 + 10000 AS TEXT), 2), '0'), '.') WHEN '万元' THEN rtrim(rtrim(CAST(abs(r.spent_e4) / 100000000 AS TEXT) || '.' || substr(CAST(abs(r.spent_e4) - abs(r.spent_e4) / 100000000 * 100000000 + 100000000 AS TEXT), 2), '0'), '.') END END AS spent,
       p.amount_unit,
       CASE WHEN r.spent_e4 BETWEEN -4611686018427387904 AND 4611686018427387904 AND p.amount_e4 BETWEEN -4611686018427387904 AND 4611686018427387904
            THEN CASE WHEN (r.spent_e4 - p.amount_e4) < 0 THEN '-' ELSE '' END || CASE p.amount_unit WHEN '元' THEN rtrim(rtrim(CAST(abs((r.spent_e4 - p.amount_e4)) / 10000 AS TEXT) || '.' || substr(CAST(abs((r.spent_e4 - p.amount_e4)) - abs((r.spent_e4 - p.amount_e4)) / 10000 * 10000 + 10000 AS TEXT), 2), '0'), '.') WHEN '万元' THEN rtrim(rtrim(CAST(abs((r.spent_e4 - p.amount_e4)) / 100000000 AS TEXT) || '.' || substr(CAST(abs((r.spent_e4 - p.amount_e4)) - abs((r.spent_e4 - p.amount_e4)) / 100000000 * 100000000 + 100000000 AS TEXT), 2), '0'), '.') END END AS difference,
       p.file AS plan_file, r.file AS review_file
FROM planned p
JOIN reviewed r ON r.unit_key = p.unit_key AND r.year = p.year AND r.project_key = p.project_key
WHERE p.place = 1 AND r.place = 1;
COMMIT;
