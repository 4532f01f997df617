# ワークブックの文言。

xlsx-title = Amazon Inspector 検出結果
xlsx-summary = 概要
xlsx-problems = 問題点

# $critical、$high は未対応の検出結果の件数。$fix、$exploit はそのうちの件数。
xlsx-headline =
    未対応の検出結果は { $open ->
       *[other] { $open-text } 件
    }で、うち緊急 (CRITICAL) が { $critical ->
       *[other] { $critical-text } 件
    }、高 (HIGH) が { $high ->
       *[other] { $high-text } 件
    }です。緊急と高のうち { $fix ->
       *[other] { $fix-text } 件
    }には修正があり、{ $exploit ->
       *[other] { $exploit-text } 件
    }は悪用方法が知られています。
xlsx-headline-none = 未対応の検出結果はありません。

xlsx-source = 元のファイル
xlsx-data-date = データの日時
xlsx-rows = 行数
xlsx-rows-text = 読み込み { $read-text } 行 = 本ブックに掲載 { $here-text } 行 + フィルターで除外 { $filtered-text } 行 + 読み込めなかった { $lost-text } 行
xlsx-accounts = アカウント
xlsx-regions = リージョン
xlsx-zone = 時刻
xlsx-zone-text = { $zone ->
        [JST] 日本時間 (JST)
       *[other] { $zone }
    }
xlsx-filters = フィルター
xlsx-problems-fact = 問題点
xlsx-problems-text = { $problems ->
       *[other] { $problems-text } 件（シート「問題点」を参照）
    }

xlsx-section-severities = 重大度別の件数
xlsx-section-actions = 最初に行うこと
xlsx-section-resources = 影響の大きいリソース
xlsx-section-contents = シート一覧

xlsx-severity = 重大度
xlsx-action = 対応内容
xlsx-resource = リソース

xlsx-head-open = 未対応
xlsx-head-vulnerabilities = 脆弱性の数
xlsx-head-resources = リソース数
xlsx-head-fix = 修正あり
xlsx-head-exploit = 悪用方法あり
xlsx-head-oldest = 最も古い検出日
xlsx-head-suppressed = 抑制
xlsx-head-closed = 終了
xlsx-head-findings = 全件
xlsx-head-settles = 解消する件数
xlsx-head-critical = 緊急
xlsx-head-high = 高
xlsx-head-medium = 中
xlsx-head-other = その他

xlsx-note-open = 「未対応」は抑制も終了もされていない検出結果です。その右から「最も古い検出日」までは未対応の件数です。「修正あり」には一部のパッケージにのみ修正があるものを含みます。
xlsx-chart-title = 重大度別の未対応の検出結果
xlsx-contents-findings = { $findings ->
       *[other] { $findings-text } 件（レポートの全列）
    }
xlsx-contents-problems = 読み込めなかった行、セルに収まらなかった値

xlsx-problem-kind = 種類
xlsx-problem-where = 場所
xlsx-problem-line = 行
xlsx-problem-column = 列
xlsx-problem-count = 件数
xlsx-problem-what = 内容
xlsx-problem-row = 除外した行
xlsx-problem-cell = 想定外の値
xlsx-problem-cut = 切り詰めた文字列
# $length: 元の文字数。
xlsx-problem-cut-what = { $length } 文字の値が Excel のセルに収まらないため、末尾を切り詰めました。全文は元のレポートにあります。
xlsx-problems-more = { $more ->
       *[other] ほか { $more-text } 件
    }
