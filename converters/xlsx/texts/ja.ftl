# ワークブックの文言。

xlsx-summary = 概要
xlsx-problems = 問題点

xlsx-rows = 行数
xlsx-rows-text = 読み込み { $read-text } 行 = 本ブックに掲載 { $here-text } 行 + フィルターで除外 { $filtered-text } 行 + 読み込めなかった { $lost-text } 行{ $repeated ->
        [0] {""}
       *[other] {" "}+ 同じ検出結果の重複（最新の行だけを集計） { $repeated-text } 行
    }
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

xlsx-accepted-text = { $accepted-text } 件（対応しないと判断したもの。未対応には含みません）

xlsx-section-contents = シート一覧

xlsx-note-open = 「未対応」は抑制も受容も終了もされていない検出結果です。その右から「最も古い検出日」までは未対応の件数です。「修正あり」には一部のパッケージにのみ修正があるものを含みます。
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

# 一覧と用語集。
xlsx-actions = 対応リスト
xlsx-vulnerabilities = 脆弱性一覧
xlsx-resources = リソース一覧
xlsx-glossary = 用語集
xlsx-worst = 最も高い重大度
xlsx-lesser = その他
xlsx-on = 対象リソース
xlsx-owners = 担当者
xlsx-commands = 更新コマンド
xlsx-highest-score = 最高スコア
figure-findings-open = 未対応の検出結果
xlsx-worst-finding = 最も深刻な検出結果
xlsx-names-more = { $more ->
       *[other] ほか { $more-text } 件
    }
xlsx-term-kind = 種類
xlsx-term = 用語
xlsx-meaning = 意味
xlsx-term-figure = 集計項目
xlsx-term-column = 列
xlsx-owners-sheet = 担当一覧
xlsx-contents-owners = 担当別の件数と対応期限
xlsx-contents-actions = 対応内容と、それで解消する検出結果
xlsx-contents-vulnerabilities = 未対応の脆弱性ごとの対象リソース
xlsx-contents-resources = リソースごとの未対応の件数
xlsx-contents-glossary = 用語の説明
xlsx-owner = 担当者
    .meaning = リソースのタグ（Owner、Team、Contact）による担当者です。
figure-exploits = 悪用方法あり

# 記入用の列。

xlsx-chart-age = 初回検出からの日数別の未対応の検出結果
xlsx-chart-resources = 最も深刻なリソース
xlsx-chart-accounts = アカウント別の未対応の検出結果
xlsx-chart-owners = 担当者別の未対応の検出結果
xlsx-limits = Excel の制限
xlsx-limits-text = { $cut ->
        [0] {""}
       *[other] { $cut-text } 件の値をセルに収まるよう切り詰めました。
    }{ $unlinked ->
        [0] {""}
       *[other] { $unlinked-text } 件の URL はリンクではなく文字列です。
    }
xlsx-note-age = 未対応の検出結果の、初回検出からデータの日付までの日数です。

xlsx-accepted = 受容
xlsx-contents-accepted = 対応しないと判断した検出結果と、その理由・期限
xlsx-accepted-reason = 理由
xlsx-accepted-since = 受容日
xlsx-accepted-until = 期限
xlsx-accepted-by = 判断者

xlsx-change-new = 新規
xlsx-change-reopened = 再発
xlsx-change-severity = 重大度の変更
xlsx-change-still-open = 継続
xlsx-change-suppressed = 抑制・受容
xlsx-change-fixed = 解消
xlsx-change-unknown = 不明
xlsx-severity-before = 以前の重大度
xlsx-first-seen-ever = 初回検出日時（両レポートの早い方）
xlsx-contents-change-new = { $date } のレポートにない未対応の検出結果（{ $findings-text } 件）
xlsx-contents-change-reopened = { $date } には抑制・受容・終了されていた未対応の検出結果（{ $findings-text } 件）
xlsx-contents-change-severity = { $date } と重大度が異なる未対応の検出結果（{ $findings-text } 件）
xlsx-contents-change-still-open = { $date } から継続している未対応の検出結果（{ $findings-text } 件）
xlsx-contents-change-suppressed = { $date } には未対応で、現在は抑制または受容された検出結果（{ $findings-text } 件）
xlsx-contents-change-fixed = { $date } には未対応で、現在は終了または消滅した検出結果（{ $findings-text } 件）
xlsx-contents-change-unknown = { $date } には未対応で、不完全な今回のレポートに見当たらない検出結果（{ $findings-text } 件）
xlsx-gone = レポートから消滅
xlsx-section-facts = このレポートについて
xlsx-term-rule = 対応優先度の判定
xlsx-rule = { $number-text }. { $label }
xlsx-rule-text = { $condition } (根拠: { $source })
