# The workbook.

xlsx-title = Amazon Inspector findings
xlsx-summary = Summary
xlsx-problems = Problems

# $critical and $high are open findings; $fix and $exploit are among these.
xlsx-headline =
    { $critical ->
        [0] No critical findings are open
        [one] 1 critical finding is open
       *[other] { $critical-text } critical findings are open
    }, and { $high ->
        [0] none of high severity
        [one] 1 of high severity
       *[other] { $high-text } of high severity
    }, among { $open ->
        [one] 1 open finding
       *[other] { $open-text } open findings
    } in all. Of the critical and high ones, { $fix ->
        [0] none has a fix
        [one] 1 has a fix
       *[other] { $fix-text } have a fix
    } and { $exploit ->
        [0] none has a known exploit
        [one] 1 has a known exploit
       *[other] { $exploit-text } have a known exploit
    }.
xlsx-headline-none = No finding is open.

xlsx-source = Source
xlsx-data-date = Date of the data
xlsx-rows = Rows
xlsx-rows-text = { $read-text } read = { $here-text } in this workbook + { $filtered-text } left out by filters + { $lost-text } that could not be read
xlsx-accounts = Accounts
xlsx-regions = Regions
xlsx-zone = Times
xlsx-zone-text = in { $zone }
xlsx-filters = Filters
xlsx-problems-fact = Problems
xlsx-problems-text = { $problems ->
        [one] 1 problem, see the sheet Problems
       *[other] { $problems-text } problems, see the sheet Problems
    }

xlsx-section-severities = How bad is it?
xlsx-section-actions = What to do first
xlsx-section-resources = Where it is worst
xlsx-section-contents = Sheets

xlsx-severity = Severity
xlsx-action = Action
xlsx-resource = Resource

xlsx-head-open = Open
xlsx-head-vulnerabilities = Vulnerabilities
xlsx-head-resources = Resources
xlsx-head-fix = Fix available
xlsx-head-exploit = Exploit known
xlsx-head-oldest = Oldest first seen
xlsx-head-suppressed = Suppressed
xlsx-head-closed = Closed
xlsx-head-findings = All findings
xlsx-head-settles = Settles findings
xlsx-head-critical = Critical
xlsx-head-high = High
xlsx-head-medium = Medium
xlsx-head-other = Other

xlsx-note-open = Open findings are those neither suppressed nor closed; the columns to their right, up to the oldest, count these. A fix may be for some of the packages only.
xlsx-chart-title = Open findings by severity
xlsx-contents-findings = { $findings ->
        [one] 1 finding, with every column of the report
       *[other] { $findings-text } findings, with every column of the report
    }
xlsx-contents-problems = what could not be read, and what did not fit into a cell

xlsx-problem-kind = Kind
xlsx-problem-where = Where
xlsx-problem-line = Line or row
xlsx-problem-column = Column
xlsx-problem-count = Count
xlsx-problem-what = What
xlsx-problem-row = Row left out
xlsx-problem-cell = Unexpected value
xlsx-problem-cut = Text cut
# $length: the number of characters of the whole text.
xlsx-problem-cut-what = This text of { $length } characters does not fit into a cell of Excel; its end was cut. The report has the whole.
xlsx-problems-more = { $more ->
        [one] ... and 1 more
       *[other] ... and { $more-text } more
    }
