# ワークブックの文言。

xlsx-summary = 概要
xlsx-problems = 問題点

xlsx-rows = 行数
xlsx-rows-text = 読み込み { $read-text } 行 = 本ブックに掲載 { $here-text } 行 + フィルターで除外 { $filtered-text } 行 + 読み込めなかった { $lost-text } 行
xlsx-accounts = アカウント
xlsx-regions = リージョン
xlsx-zone = 時刻
xlsx-zone-text = { $zone ->
        [JST] 日本時間 (JST)
       *[other] { $zone }
    }
xlsx-problems-fact = 問題点
xlsx-problems-text = { $problems ->
       *[other] { $problems-text } 件（シート「問題点」を参照）
    }

xlsx-section-contents = シート一覧

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
