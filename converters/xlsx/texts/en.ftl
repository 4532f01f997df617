# The workbook.

xlsx-summary = Summary
xlsx-problems = Problems

xlsx-rows = Rows
xlsx-rows-text = { $read-text } read = { $here-text } counted in this workbook + { $filtered-text } left out by filters + { $lost-text } that could not be read{ $repeated ->
        [0] {""}
        [one] {" "}+ 1 that repeats a finding, of which the newest row counts
       *[other] {" "}+ { $repeated-text } that repeat a finding, of which the newest row counts
    }
xlsx-accounts = Accounts
xlsx-regions = Regions
xlsx-zone = Times
xlsx-zone-text = in { $zone }
xlsx-problems-fact = Problems
xlsx-problems-text = { $problems ->
        [one] 1 problem, see the sheet Problems
       *[other] { $problems-text } problems, see the sheet Problems
    }

# $accepted: findings that someone has decided to live with.
xlsx-accepted-text = { $accepted ->
        [one] 1 finding that someone has decided to live with; it does not count as open
       *[other] { $accepted-text } findings that someone has decided to live with; they do not count as open
    }

xlsx-section-contents = Sheets

xlsx-note-open = Open findings are those neither suppressed, accepted nor closed; the columns to their right, up to the oldest, count these. A fix may be for some of the packages only.
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

# The lists and the glossary.
xlsx-actions = Actions
xlsx-vulnerabilities = Vulnerabilities
xlsx-resources = Resources
xlsx-glossary = Glossary
xlsx-worst = Worst severity
xlsx-lesser = Lesser
xlsx-on = On
xlsx-owners = Owners
xlsx-commands = Commands
xlsx-highest-score = Highest score
figure-findings-open = Open findings
xlsx-worst-finding = Worst finding
xlsx-names-more = { $more ->
        [one] and 1 more
       *[other] and { $more-text } more
    }
xlsx-term-kind = Kind
xlsx-term = Term
xlsx-meaning = Meaning
xlsx-term-figure = Figure
xlsx-term-column = Column
xlsx-owners-sheet = Owners
xlsx-contents-owners = who has how much to do, and by when
xlsx-contents-actions = what to do, and what each thing settles
xlsx-contents-vulnerabilities = each vulnerability that is open, with the resources that have it
xlsx-contents-resources = each resource on which something is open, and what
xlsx-contents-glossary = what the words mean
xlsx-owner = Owner
    .meaning = Who is responsible, from the resource's tag Owner, Team or Contact.
figure-exploits = Public exploit

# Columns to fill in.

xlsx-chart-age = Open findings by days since first seen
xlsx-chart-resources = The resources with most of the worst findings
xlsx-chart-accounts = Open findings by account
xlsx-chart-owners = Open findings by owner
xlsx-limits = Limits of Excel
xlsx-limits-text =
    { $cut ->
        [0] {""}
        [one] 1 value was cut to fit its cell{" "}
       *[other] { $cut-text } values were cut to fit their cells{" "}
    }{ $unlinked ->
        [0] {""}
        [one] 1 address is text and no link
       *[other] { $unlinked-text } addresses are text and no links
    }
xlsx-note-age = Of open findings, by days from First Seen to the date of the data.

# Findings that someone has decided to live with.
xlsx-accepted = Accepted
xlsx-contents-accepted = findings that someone has decided to live with, why, and until when
xlsx-accepted-reason = Reason
xlsx-accepted-since = Since
xlsx-accepted-until = Until
xlsx-accepted-by = Decided by

# What became of the findings of an earlier report, a sheet each.
xlsx-change-new = New
xlsx-change-reopened = Reopened
xlsx-change-severity = Severity changed
xlsx-change-still-open = Still open
xlsx-change-suppressed = Suppressed
xlsx-change-fixed = Fixed
xlsx-change-unknown = Not known
xlsx-severity-before = Severity before
xlsx-first-seen-ever = First Seen (of both reports)
# $findings: how many. $date: the day of the earlier report's data.
xlsx-contents-change-new = { $findings-text } open that the report of { $date } does not have
xlsx-contents-change-reopened = { $findings-text } open that were suppressed, accepted or closed on { $date }
xlsx-contents-change-severity = { $findings-text } open, as on { $date }, with another severity
xlsx-contents-change-still-open = { $findings-text } open, as on { $date }
xlsx-contents-change-suppressed = { $findings-text } open on { $date }, and suppressed or accepted now
xlsx-contents-change-fixed = { $findings-text } open on { $date }, and closed or gone now
xlsx-contents-change-unknown = { $findings-text } open on { $date } that this report, which is incomplete, does not have
xlsx-gone = Not in the report any more
xlsx-section-facts = What this is made of
xlsx-term-rule = Rules of priorities
xlsx-rule = { $number-text }. { $label }
xlsx-rule-text = { $condition }. ({ $source })
