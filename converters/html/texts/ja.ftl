# The HTML page.
# $scope は一覧の範囲。
html-findings = { $scope ->
        [filtered] フィルター条件に合う
        [part] この分割分の
       *[all] {""}
    }未対応の検出結果 ({ $all-text } 件)
html-findings-some = { $scope ->
        [filtered] フィルター条件に合う
        [part] この分割分の
       *[all] {""}
    }未対応の検出結果 (対応優先度の高い { $shown-text } 件、全 { $all-text } 件)
# $more: how many are not in the table.
html-findings-where = 対応優先度の低い { $more-text } 件は省略しました。すべての検出結果は Excel ファイルで確認できます。見出しをクリックすると並べ替えられます。
# 表の検索欄と絞り込み。$all 行のうち $shown 行を表示。
html-search = 検索
html-all = すべて
html-shown = { $shown } / { $all } 件
html-copy = CSV としてコピー
html-copied = コピーしました
html-clear = 条件を解除
