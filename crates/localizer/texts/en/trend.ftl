# What a series of reports comes to: in Markdown, HTML and the workbook alike.

trend-title = Amazon Inspector findings over time
# $from and $to are days. $critical and $high are of what is open.
# $scope: whether filters leave something out.
trend-headline = { $scope ->
        [filtered] Of the findings that the filters leave:{" "}
       *[all] {""}
    }{ $open ->
        [0] No finding is open on { $to }.
        [one] 1 finding is open on { $to }
       *[other] { $open-text } findings are open on { $to }
    }{ $grave ->
        [unsaid] .
        [none] {""}
       *[said] {" "}({ $critical-text } critical, { $high-text } high).
    }
# It adds up: $before + $opened - $fixed - $aside are open.
trend-headline-since = {" "}{ $before-text } were open by { $from }, or older than that when they came in sight; since then { $opened ->
        [one] 1 was opened or came back
       *[other] { $opened-text } were opened or came back
    }, { $fixed-text } { $fixed ->
        [one] was
       *[other] were
    } fixed{ $aside ->
        [0] {""}
       *[other] , and { $aside-text } set aside (suppressed, accepted or left out by a filter)
    }.
# $days and $most are days with a decimal.
trend-sentence-fix = { $severity }: { $fixed ->
        [one] 1 finding was fixed, after { $days } days.
       *[other] { $fixed-text } findings were fixed, after { $days } days on average; nine of ten within { $most } days{ $timed ->
            [0] {""}
           *[other] {" "}(of { $timed-text } it is known when they were first seen)
        }.
    }
trend-sentence-overdue = { $overdue ->
        [0] No finding is over its target.
        [one] 1 finding is over its target, { $critical-text } of it critical.
       *[other] { $overdue-text } findings are over their targets, { $critical-text } of them critical.
    }
# $owner: who has most of what is overdue.
trend-sentence-overdue-owner = { $owner } has the most: { $count-text } of { $all-text } overdue findings.
trend-sentence-overdue-nobody = { $count ->
        [one] 1 overdue finding is
       *[other] { $count-text } overdue findings are
    } on resources without a tag that names an owner.
trend-sentence-oldest = The oldest open finding is from { $since }, { $days-text } days before the last report: { $title } on { $resource }.
trend-sentence-vanished = { $file } ({ $date }) has nothing of account { $account }, Region { $region } any more: { $count ->
        [one] its 1 finding counts
       *[other] its { $count-text } findings count
    } as fixed, which is wrong if the export does not cover it.
trend-sentence-out-of-sight = No report covers account { $account }, Region { $region } since { $date }: { $count ->
        [one] its 1 open finding counts
       *[other] its { $count-text } open findings count
    } as open as of then.
trend-sentence-ageless = { $count ->
        [one] The age of 1 open finding is not known; it may be over its target.
       *[other] The age of { $count-text } open findings is not known; they may be over their targets.
    }
# $reports: those that are incomplete. $rows: rows that could not be read, as far as that is known. $open: findings that
# count as open, and that are not in an incomplete report. $late: fixes that only a later report shows.
trend-sentence-lost = { $reports ->
        [one] 1 report is incomplete
       *[other] { $reports-text } reports are incomplete
    }{ $rows ->
        [0] {""}
        [one] {" "}(at least 1 row could not be read)
       *[other] {" "}(at least { $rows-text } rows could not be read)
    }: what such a report does not have does not count as fixed.{ $open ->
        [0] {""}
        [one] {" "}1 finding that counts as open may be fixed.
       *[other] {" "}{ $open-text } findings that count as open may be fixed.
    }{ $late ->
        [0] {""}
        [one] {" "}1 fix shows only in a later report, so its days to fix may be too many.
       *[other] {" "}{ $late-text } fixes show only in later reports, so their days to fix may be too many.
    }
trend-sentence-undated = { $count ->
        [one] 1 report is left out, since no finding in it has a time
       *[other] { $count-text } reports are left out, since no finding in them has a time
    }: { $names }.
trend-sentence-unread = { $count ->
        [one] 1 file could not be read and is not in the figures
       *[other] { $count-text } files could not be read and are not in the figures
    }: { $names }.
trend-sentence-more = { $count ->
        [one] ... and 1 more account with Region of which the same is to be said.
       *[other] ... and { $count-text } more accounts with Regions of which the same is to be said.
    }

trend-open = Open findings over time
trend-months = Opened and fixed by month
trend-fix = Days to fix
trend-by-account = By account ({ $count-text })
trend-by-owner = By owner ({ $count-text })
trend-by-region = By Region ({ $count-text })
trend-by-tag = By tag { $key } ({ $count-text })
trend-overdue = Over target ({ $count-text })
trend-oldest = Open longest
trend-reports = Reports ({ $count-text })

trend-note-open = Open findings by severity after each day with a report.
trend-note-some = The table shows some of these days; a workbook and JSON (--format xlsx,json) have all.
trend-note-months = Days and months are those of the time zone { $zone }. Reports of one account and Region on one day are one picture. A finding counts as opened in the month in which it was first seen; { $before ->
        [one] 1 that was first seen by the time of the first report counts
       *[other] { $before-text } that were first seen by the time of the first report count
    } as there before. It counts as fixed when it was closed, or when no report of a day that covers its account and Region, and was read whole, has it any more; in a month without a report nothing can be seen to be fixed. Set aside are those suppressed, accepted or left out by a filter.
trend-note-fix = From first seen, or from when it was open again, to when it was fixed. What is gone without having been closed counts as fixed on the day of the report.
# How a series is drawn.
trend-drawn-columns = columns
trend-drawn-line = line

trend-day = Day
trend-month = Month
trend-opened = Opened
trend-opened-all = Opened or open again
trend-reopened = Open again
trend-fixed = Fixed
trend-set-aside = Set aside
trend-unsuppressed = Taken up again
trend-open-end = Open at the end
trend-open-now = Open
trend-timed = With known start
trend-mean = Mean days
trend-percentile = 90 % within days
trend-target = Target (days)
trend-in-time = Fixed in time
trend-over = Overdue
trend-days-over = Days over
trend-days = Days open
trend-since = Open since
trend-date = Date
trend-findings = Findings
trend-covers-more = Covers too, without findings
trend-file = Report
trend-file-incomplete = { $file } (incomplete)
trend-lost = Rows not readable
trend-group-kind = Grouped by
trend-group = Group
trend-kind-account = Account
trend-kind-owner = Owner
trend-kind-region = Region
trend-kind-tag = Tag { $key }
trend-all = All severities

trend-fact-period = Reports
trend-fact-period-text = { $count ->
        [one] 1 report of { $from }
       *[other] { $count-text } reports of { $from } to { $to }
    }
trend-fact-targets = Targets
trend-fact-target = { $severity } { $days ->
        [one] 1 day
       *[other] { $days-text } days
    }

# The sheets of the workbook.
trend-sheet-overview = Overview
trend-sheet-series = Over time
trend-sheet-months = Months
trend-sheet-fix = Days to fix
trend-sheet-groups = Groups
trend-sheet-oldest = Open findings
trend-sheet-overdue = Overdue
trend-sheet-reports = Reports
trend-sheet-problems = Problems
trend-contents-series = open findings by severity after each day with a report
trend-contents-months = opened, fixed and open by month and severity
trend-contents-fix = how long fixes took, against the targets if there are any
trend-contents-groups = the figures by account, owner or what was asked for
trend-contents-oldest = every open finding, the oldest first
trend-contents-oldest-some = the { $shown-text } oldest of { $all-text } open findings
trend-contents-overdue = what is over its target, the most days over first
trend-contents-reports = what was read, of when, and what it covers
trend-contents-problems = what was left out, and what may not be as it seems
trend-chart-open = Open findings by severity
trend-chart-months = Opened and fixed by month
trend-chart-fix = Days to fix
trend-event = Event
trend-total = Total
trend-problem-undated = No finding in it has a time, so it has no place in the series; it is left out.
trend-problem-unread = It could not be read: { $why }
trend-problem-lost = { $rows ->
        [0] It is, or may be, incomplete; what it does not have does not count as fixed.
        [one] 1 row could not be read; what the report does not have does not count as fixed.
       *[other] { $rows-text } rows could not be read; what the report does not have does not count as fixed.
    }
