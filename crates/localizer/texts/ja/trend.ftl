# 複数のレポートの推移。Markdown、HTML、Excel ファイルで共通。

trend-title = Amazon Inspector 検出結果の推移
# $from と $to は日付。$critical と $high は未対応のうちの件数。
# $scope は、フィルターをかけたかどうか。
trend-headline = { $scope ->
        [filtered] フィルター条件に合うもののうち、
       *[all] {""}
    }{ $to } 時点の未対応の検出結果は { $open-text } 件です{ $grave ->
        [unsaid] 。
        [none] 。
       *[said] {" "} (緊急 { $critical-text } 件、高 { $high-text } 件)。
    }
trend-headline-since = { $from } 以前からの { $before-text } 件に、新規・再オープン { $opened-text } 件が加わり、{ $fixed-text } 件を解消しました{ $aside ->
        [0] {""}
       *[other] {" "} (ほかに対象外 { $aside-text } 件)
    }。
# $days と $most は小数つきの日数。
trend-sentence-fix = { $severity }: { $fixed ->
        [1] 1 件を { $days } 日で解消しました。
       *[other] { $fixed-text } 件を平均 { $days } 日で解消しました (90% は { $most } 日以内{ $timed ->
            [0] {""}
           *[other] 。初回検出日時が分かる { $timed-text } 件による
        })。
    }
trend-sentence-overdue = { $overdue ->
        [0] 対応期限を過ぎた検出結果はありません。
       *[other] 対応期限を過ぎた検出結果は { $overdue-text } 件です (うち緊急 { $critical-text } 件)。
    }
# $owner: 期限超過が最も多い担当者。
trend-sentence-overdue-owner = 期限超過 { $all-text } 件のうち、最も多いのは「{ $owner }」の { $count-text } 件です。
trend-sentence-overdue-nobody = 期限超過のうち { $count ->
       *[other] { $count-text } 件は、担当を示すタグがないリソースで検出されました。担当を決めてください。
    }
trend-sentence-oldest = 最も古い未対応の検出結果は { $since } に検出され、最新のレポートの時点で { $days-text } 日が経過しています ({ $resource }: { $title })。
trend-sentence-vanished = { $file } ({ $date }) に、アカウント { $account }、リージョン { $region } の検出結果はありません。以前の { $count ->
       *[other] { $count-text } 件
    }は「解消」に含めていますが、エクスポートの対象外であれば解消していません。
trend-sentence-out-of-sight = アカウント { $account }、リージョン { $region } は { $date } 以降のレポートに含まれていません。未対応の { $count ->
       *[other] { $count-text } 件
    }を、その時点のまま集計しています。
trend-sentence-ageless = 未対応の検出結果のうち { $count-text } 件は経過日数が不明です。対応期限を過ぎている可能性があります。
# $reports: those that are incomplete. $rows: rows that could not be read, as far as that is known. $open: findings that
# count as open, and that are not in an incomplete report. $late: fixes that only a later report shows.
trend-sentence-lost = { $reports-text } 件のレポートは完全ではありません{ $rows ->
        [0] {""}
       *[other] {" "} (読み取れなかった行: { $rows-text } 行以上)
    }。完全ではないレポートに記載のない検出結果は「解消」に含めていません。{ $open ->
        [0] {""}
       *[other] 未対応として数えたもののうち { $open-text } 件は、解消している可能性があります。
    }{ $late ->
        [0] {""}
       *[other] { $late-text } 件は後のレポートで初めて解消を確認できたため、解消までの日数が実際より長い可能性があります。
    }
trend-sentence-undated = { $count ->
       *[other] 日時のある検出結果がないレポート { $count-text } 件を除外しました
    }: { $names }
trend-sentence-unread = { $count ->
       *[other] 読み取れなかったファイル { $count-text } 件は集計に含まれていません
    }: { $names }
trend-sentence-more = { $count ->
       *[other] 同様のアカウント・リージョンがほかに { $count-text } 件あります。
    }

trend-open = 未対応の検出結果の推移
trend-months = 月別の新規と解消
trend-fix = 解消までの日数
trend-by-account = アカウント別 ({ $count-text })
trend-by-owner = 担当別 ({ $count-text })
trend-by-region = リージョン別 ({ $count-text })
trend-by-tag = タグ { $key } 別 ({ $count-text })
trend-overdue = 期限超過 ({ $count-text })
trend-oldest = 最も古い未対応の検出結果
trend-reports = レポート ({ $count-text })

trend-note-open = レポートのある日ごとの、重大度別の未対応の件数です。
trend-note-some = 表は一部の日のみです。すべての日は Excel ファイルで確認できます。
trend-note-months = 日と月はタイムゾーン { $zone } で区切ります。同じアカウント・リージョンの同じ日のレポートは、1 つにまとめて扱います。「新規」は初めて検出された月に数えます。最初のレポート以前からのものは { $before ->
       *[other] { $before-text } 件
    }です。「解消」は、クローズされたもの、またはアカウント・リージョンを含み、すべて読み取れたレポートのうち、その日のどれにも記載がなくなったものです。レポートのない月には解消を確認できません。「対象外」は、抑制・リスク受容となったもの、またはフィルター条件で除外されたものです。
trend-note-fix = 日数は、初回検出 (再オープンしたものはその日時) から解消までです。クローズの記録がなく記載がなくなったものは、レポートの日に解消したものとして数えます。
# How a series is drawn.
trend-drawn-columns = 棒グラフ
trend-drawn-line = 折れ線

trend-day = 日
trend-month = 月
trend-opened = 新規
trend-opened-all = 新規・再オープン
trend-reopened = 再オープン
trend-fixed = 解消
trend-set-aside = 対象外
trend-unsuppressed = 対象に復帰
trend-open-end = 月末の未対応
trend-open-now = 未対応
trend-timed = 日数の計算件数
trend-mean = 平均解消日数
trend-percentile = 90 パーセンタイル (日)
trend-target = 対応目標 (日)
trend-in-time = 期限内の解消
trend-over = 期限超過
trend-days-over = 超過日数
trend-days = 経過日数
trend-since = 起算日
trend-date = データの基準日時
trend-findings = 検出結果
trend-covers-more = 検出結果が 0 件の対象
trend-file = レポート
trend-file-incomplete = { $file } (不完全)
trend-lost = 読み取れなかった行
trend-group-kind = 分類
trend-group = グループ
trend-kind-account = アカウント
trend-kind-owner = 担当
trend-kind-region = リージョン
trend-kind-tag = タグ { $key }
trend-all = すべての重大度

trend-fact-period = レポート
trend-fact-period-text = { $count ->
        [1] 1 件 ({ $from })
       *[other] { $count-text } 件 ({ $from }～{ $to })
    }
trend-fact-targets = 対応目標
trend-fact-target = { $severity } { $days ->
       *[other] { $days-text } 日
    }

# Excel ファイルのシート。
trend-sheet-overview = 概要
trend-sheet-series = 推移
trend-sheet-months = 月別
trend-sheet-fix = 解消までの日数
trend-sheet-groups = グループ別
trend-sheet-oldest = 未対応の検出結果
trend-sheet-overdue = 期限超過
trend-sheet-reports = レポート
trend-sheet-problems = 入力ファイルの問題
trend-contents-series = レポートのある日ごとの、重大度別の未対応の件数
trend-contents-months = 月別・重大度別の新規、解消、未対応
trend-contents-fix = 解消にかかった日数 (対応目標があれば目標との比較)
trend-contents-groups = アカウント別、担当別などの件数
trend-contents-oldest = すべての未対応の検出結果 (古い順)
trend-contents-oldest-some = 未対応の検出結果 { $all-text } 件のうち、古い { $shown-text } 件
trend-contents-overdue = 対応期限を過ぎた検出結果 (超過日数の多い順)
trend-contents-reports = 読み取ったレポート、その基準日時と対象
trend-contents-problems = 除外したもの、注意が必要なもの
trend-chart-open = 重大度別の未対応の検出結果
trend-chart-months = 月別の新規と解消
trend-chart-fix = 解消までの日数
trend-event = 区分
trend-total = 合計
trend-problem-undated = 日時のある検出結果がないため、除外しました。
trend-problem-unread = 読み取れませんでした: { $why }
trend-problem-lost = { $rows ->
        [0] 完全ではないか、その可能性があります。このレポートに記載のない検出結果は「解消」に含めていません。
       *[other] { $rows-text } 行を読み取れませんでした。このレポートに記載のない検出結果は「解消」に含めていません。
    }
