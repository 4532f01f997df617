# The HTML page.
# $scope は一覧の範囲。
html-findings = { $scope ->
        [filtered] フィルターの条件に合う
        [part] この分割分の
       *[all] {""}
    }未対応の検出結果（全 { $all-text } 件）
html-findings-some = { $scope ->
        [filtered] フィルターの条件に合う
        [part] この分割分の
       *[all] {""}
    }未対応の検出結果のうち深刻な { $shown-text } 件（全 { $all-text } 件）
# $more: how many are not in the table.
html-findings-where = 重大度の低い { $more-text } 件はこのページにありません。すべての検出結果はブック（--format xlsx）に載ります。見出しをクリックすると並べ替えられます。
