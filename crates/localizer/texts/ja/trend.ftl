# 複数のレポートの推移。Markdown、HTML、ワークブックで共通。

trend-title = Amazon Inspector 検出結果の推移
# $from と $to は日付。$critical と $high は未対応のうちの件数。
# $scope は、フィルターをかけたかどうか。
trend-headline = { $scope ->
        [filtered] フィルターの条件に合うもののうち、
       *[all] {""}
    }{ $to } 時点の未対応の検出結果は { $open-text } 件です{ $grave ->
        [unsaid] 。
        [none] 。
       *[said] （うち緊急 { $critical-text } 件、高 { $high-text } 件）。
    }
trend-headline-since = { $from } までに検出されていたものが { $before-text } 件、その後に新規または再発が { $opened-text } 件、修正が { $fixed-text } 件{ $aside ->
        [0] {""}
       *[other] 、抑制・受容・フィルターによる除外が { $aside-text } 件
    }です。
# $days と $most は小数つきの日数。
trend-sentence-fix = { $severity }: { $fixed ->
        [1] 1 件を { $days } 日で修正しました。
       *[other] { $fixed-text } 件を平均 { $days } 日で修正しました。9 割は { $most } 日以内です{ $timed ->
            [0] {""}
           *[other] （初回検出日時が分かる { $timed-text } 件による）
        }。
    }
trend-sentence-overdue = { $overdue ->
        [0] 目標日数を超えた検出結果はありません。
       *[other] 目標日数を超えた検出結果は { $overdue-text } 件で、うち緊急が { $critical-text } 件です。
    }
# $owner: 期限超過が最も多い担当者。
trend-sentence-overdue-owner = 期限超過が最も多い担当者は { $owner } で、全 { $all-text } 件のうち { $count-text } 件です。
trend-sentence-overdue-nobody = 期限超過のうち { $count ->
       *[other] { $count-text } 件は、担当者を示すタグのないリソースのものです。
    }
trend-sentence-oldest = 最も古い未対応の検出結果は { $since } からで、最後のレポートまで { $days-text } 日間未対応です: { $resource } の { $title }
trend-sentence-vanished = { $file }（{ $date }）には、アカウント { $account }、リージョン { $region } の検出結果がなくなりました。以前の { $count ->
       *[other] { $count-text } 件
    }は修正済みとして数えていますが、エクスポートの対象外であれば誤りです。
trend-sentence-out-of-sight = アカウント { $account }、リージョン { $region } は { $date } 以降のレポートの対象外です。未対応の { $count ->
       *[other] { $count-text } 件
    }は、その時点のまま未対応として数えています。
trend-sentence-ageless = 未対応の検出結果のうち { $count-text } 件は経過日数が不明です。目標日数を超えている可能性があります。
# $reports: those that are incomplete. $rows: rows that could not be read, as far as that is known. $open: findings that
# count as open, and that are not in an incomplete report. $late: fixes that only a later report shows.
trend-sentence-lost = { $reports-text } 件のレポートは不完全です{ $rows ->
        [0] {""}
       *[other] （読み込めなかった行: { $rows-text } 行以上）
    }。不完全なレポートにない検出結果は、修正済みとして数えていません。{ $open ->
        [0] {""}
       *[other] 未対応として数えたもののうち { $open-text } 件は、修正済みの可能性があります。
    }{ $late ->
        [0] {""}
       *[other] { $late-text } 件は後のレポートで初めて修正を確認できたため、修正までの日数が実際より長い可能性があります。
    }
trend-sentence-undated = { $count ->
       *[other] { $count-text } 件のレポートは、日時のある検出結果がないため除外しました
    }: { $names }
trend-sentence-unread = { $count ->
       *[other] { $count-text } 件のファイルは読み込めなかったため、集計に含まれていません
    }: { $names }
trend-sentence-more = { $count ->
       *[other] 同様のアカウント・リージョンがほかに { $count-text } 件あります。
    }

trend-open = 未対応の検出結果の推移
trend-months = 月別の新規と修正
trend-fix = 修正までの日数
trend-by-account = アカウント別 ({ $count-text })
trend-by-owner = 担当者別 ({ $count-text })
trend-by-region = リージョン別 ({ $count-text })
trend-by-tag = タグ { $key } 別 ({ $count-text })
trend-overdue = 目標日数の超過 ({ $count-text })
trend-oldest = 最も古い未対応の検出結果
trend-reports = レポート ({ $count-text })

trend-note-open = レポートのある日ごとの、重大度別の未対応の件数です。
trend-note-some = 表は一部の日のみです。すべての日はワークブックと JSON（--format xlsx,json）にあります。
trend-note-months = 日と月はタイムゾーン { $zone } で区切ります。同じアカウント・リージョンの同じ日のレポートは、1 つにまとめて扱います。「新規」は初めて検出された月に数えます。最初のレポート以前からのものは { $before ->
       *[other] { $before-text } 件
    }です。「修正」は、終了したもの、または対象のアカウント・リージョンを含み、すべて読み込めたレポートのうち、その日のどれにもなくなったものです。レポートのない月には修正を確認できません。「対象外へ」は抑制・受容されたもの、またはフィルターで除外されたものです。
trend-note-fix = 初回検出（再検出されたものはその日時）から修正までの日数です。終了の記録なしになくなったものは、レポートの日に修正されたものとして数えます。
# How a series is drawn.
trend-drawn-columns = 棒
trend-drawn-line = 線

trend-day = 日
trend-month = 月
trend-opened = 新規
trend-opened-all = 新規・再検出
trend-reopened = 再検出
trend-fixed = 修正
trend-set-aside = 対象外へ
trend-unsuppressed = 対象へ戻り
trend-open-end = 月末の未対応
trend-open-now = 未対応
trend-timed = 開始日時が既知
trend-mean = 平均日数
trend-percentile = 9 割の日数
trend-target = 目標日数
trend-in-time = 目標内の修正
trend-over = 期限超過
trend-days-over = 超過日数
trend-days = 経過日数
trend-since = 未対応の開始日
trend-date = 日時
trend-findings = 検出結果
trend-covers-more = 検出結果のない対象
trend-file = レポート
trend-file-incomplete = { $file }（不完全）
trend-lost = 読み込めない行
trend-group-kind = 分類
trend-group = グループ
trend-kind-account = アカウント
trend-kind-owner = 担当者
trend-kind-region = リージョン
trend-kind-tag = タグ { $key }
trend-all = すべての重大度

trend-fact-period = レポート
trend-fact-period-text = { $count ->
        [1] 1 件（{ $from }）
       *[other] { $count-text } 件（{ $from } ～ { $to }）
    }
trend-fact-targets = 目標
trend-fact-target = { $severity } { $days ->
       *[other] { $days-text } 日
    }

# ワークブックのシート。
trend-sheet-overview = 概要
trend-sheet-series = 推移
trend-sheet-months = 月別
trend-sheet-fix = 修正までの日数
trend-sheet-groups = グループ別
trend-sheet-oldest = 未対応の検出結果
trend-sheet-overdue = 期限超過
trend-sheet-reports = レポート
trend-sheet-problems = 問題点
trend-contents-series = レポートのある日ごとの、重大度別の未対応の件数
trend-contents-months = 月別・重大度別の新規、修正、未対応
trend-contents-fix = 修正にかかった日数（目標があれば目標との比較）
trend-contents-groups = アカウント別、担当者別などの件数
trend-contents-oldest = すべての未対応の検出結果（古い順）
trend-contents-oldest-some = 未対応の検出結果 { $all-text } 件のうち、古い { $shown-text } 件
trend-contents-overdue = 目標日数を超えたもの（超過日数の多い順）
trend-contents-reports = 読み込んだレポート、その日時と対象
trend-contents-problems = 除外したもの、注意が必要なもの
trend-chart-open = 重大度別の未対応の検出結果
trend-chart-months = 月別の新規と修正
trend-chart-fix = 修正までの日数
trend-event = 区分
trend-total = 合計
trend-problem-undated = 日時のある検出結果がないため、除外しました。
trend-problem-unread = 読み込めませんでした: { $why }
trend-problem-lost = { $rows ->
        [0] 不完全か、その可能性があります。このレポートにない検出結果は、修正済みとして数えていません。
       *[other] { $rows-text } 行を読み込めませんでした。このレポートにない検出結果は、修正済みとして数えていません。
    }
