# Markdown の要約。

# 集計する検出結果がないときに、見出しの代わりに示す。
md-empty = 未対応の検出結果はありません (このレポートには検出結果が 1 件も含まれていません)。
md-empty-filtered = { $filtered ->
       *[other] フィルター条件に合う検出結果はありません (レポートの { $filtered-text } 件はすべて除外されました)。
    }
md-empty-lost = { $lost ->
       *[other] 表示できる検出結果はありませんが、{ $lost-text } 行を読み取れませんでした。未対応の検出結果が残っている可能性があります。
    }

md-note-open = 「未対応」は、抑制・リスク受容・クローズのいずれでもない検出結果です。これらの列を除き、表の数値は未対応の件数です。「修正あり」は、一部のパッケージのみの場合を含みます。

md-on-resources = リソース数

md-vulnerabilities = リスクの高い脆弱性
md-packages = パッケージ
md-epss = EPSS
md-score = スコア

md-accounts = アカウント別 ({ $count-text })
md-regions = リージョン別 ({ $count-text })
md-problems = { $count ->
       *[other] 入力ファイルの問題 { $count-text } 件
    }
md-problems-more = { $more ->
       *[other] ほか { $more-text } 件
    }

md-rows = { $read-text } 行 (掲載 { $here-text } 行、フィルター条件で除外 { $filtered-text } 行、読み取れず除外 { $lost-text } 行{ $repeated ->
        [0] {""}
       *[other] 、重複のため除外 { $repeated-text } 行
    })

# What became of the findings of an earlier report. $name: its file. $date: the day of its data.
md-new = 新規・再オープン (対応優先度の高い順)
md-fixed = 解消 (重大度の高い順)
md-by-package = パッケージ別 ({ $count-text })
# Where a summary has no room. $rows: how many rows are not shown.
md-left-out = 優先度の低いものから { $rows-text } 行は省略しました。すべての検出結果は Excel ファイルで確認できます。
# $sections: how many sections are not shown at all.
md-left-out-sections = { $rows-text } 行と { $sections-text } 項目は省略しました。すべての検出結果は Excel ファイルで確認できます。
# $account and $region: of findings that are gone. $count: how many these are.
md-chart = 重大度別の未対応の検出結果
md-rows-label = 行数
