# Markdown の要約。

# 集計する検出結果がないときに、見出しの代わりに示す。
md-empty = 未対応の検出結果はありません（このレポートには検出結果が 1 件も含まれていません）。
md-empty-filtered = { $filtered ->
       *[other] フィルターの条件に合う検出結果はありません（レポートの { $filtered-text } 件はすべて除外されました）。
    }
md-empty-lost = { $lost ->
       *[other] 表示できる検出結果がありません。読み込めなかった行が { $lost-text } 行あるため、未対応の検出結果がないとは限りません。
    }

md-note-open = 「未対応」は抑制も受容も終了もされていない検出結果です。「抑制」「受容」「終了」以外の数値は未対応の件数です。「修正あり」には一部のパッケージにのみ修正があるものを含みます。

md-on-resources = 対象リソース数

md-vulnerabilities = 影響の大きい脆弱性
md-packages = パッケージ
md-epss = EPSS
md-score = スコア

md-accounts = アカウント別（{ $count-text }）
md-regions = リージョン別（{ $count-text }）
md-problems = { $count ->
       *[other] 入力の問題点 { $count-text } 件
    }
md-problems-more = { $more ->
       *[other] ほか { $more-text } 件
    }

md-rows = 読み込み { $read-text } 行 = この要約の対象 { $here-text } 行 + フィルターで除外 { $filtered-text } 行 + 読み込めなかった { $lost-text } 行{ $repeated ->
        [0] {""}
       *[other] {" "}+ 同じ検出結果の重複（最新の行だけを集計） { $repeated-text } 行
    }

# What became of the findings of an earlier report. $name: its file. $date: the day of its data.
md-new = 新しく検出されたもの・再び未対応になったもの（深刻な順）：
md-fixed = なくなったもの（深刻な順）：
md-by-package = パッケージ別（{ $count-text }）
# Where a summary has no room. $rows: how many rows are not shown.
md-left-out = 重大度の低いものから { $rows-text } 行は、ここに収まらないため省略しました。ブック（--format xlsx）または上限のない要約にはすべて載ります。
# $sections: how many sections are not shown at all.
md-left-out-sections = { $rows-text } 行と { $sections-text } 個の項目は、ここに収まらないため省略しました。ブック（--format xlsx）または上限のない要約にはすべて載ります。
# $account and $region: of findings that are gone. $count: how many these are.
md-chart = 重大度別の未対応の検出結果
md-rows-label = 行数
