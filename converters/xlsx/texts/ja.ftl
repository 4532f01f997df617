# Excel ファイルの文言。

xlsx-summary = 概要
xlsx-problems = 入力ファイルの問題

xlsx-rows = 行数
xlsx-rows-text = { $read-text } 行 (掲載 { $here-text } 行、フィルター条件で除外 { $filtered-text } 行、読み取れず除外 { $lost-text } 行{ $repeated ->
        [0] {""}
       *[other] 、重複のため除外 { $repeated-text } 行
    })
xlsx-accounts = アカウント
xlsx-regions = リージョン
xlsx-zone = 時刻
xlsx-zone-text = { $zone ->
        [JST] 日本時間 (JST)
       *[other] { $zone }
    }
xlsx-problems-fact = 入力ファイルの問題
xlsx-problems-text = { $problems ->
       *[other] { $problems-text } 件 (シート「入力ファイルの問題」を参照)
    }

xlsx-accepted-text = { $accepted-text } 件 (対応せずにリスクを受け入れると決めたもの。未対応に含みません)

xlsx-section-contents = シート一覧

xlsx-note-open = 「未対応」は、抑制・リスク受容・クローズのいずれでもない検出結果です。これらの列を除き、表の数値は未対応の件数です。「修正あり」は、一部のパッケージのみの場合を含みます。
xlsx-chart-title = 重大度別の未対応の検出結果
xlsx-contents-findings = { $findings ->
       *[other] { $findings-text } 件 (レポートの全列)
    }
xlsx-contents-problems = 読み取れなかった行、セルに収まらなかった値

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
xlsx-actions = 対応一覧
xlsx-vulnerabilities = 脆弱性一覧
xlsx-resources = リソース一覧
xlsx-glossary = 用語集
xlsx-worst = 重大度 (最高)
xlsx-lesser = その他
xlsx-on = 対象リソース
xlsx-owners = 担当
xlsx-commands = 更新コマンド
xlsx-highest-score = 最高スコア
figure-findings-open = 未対応の検出結果
xlsx-worst-finding = 重大度が最も高い検出結果
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
xlsx-contents-actions = 対応内容と、解消できる検出結果
xlsx-contents-vulnerabilities = 未対応の脆弱性ごとの対象リソース
xlsx-contents-resources = リソースごとの未対応の件数
xlsx-contents-glossary = 用語の説明
xlsx-owner = 担当
    .meaning = リソースのタグ (Owner、Team、Contact) または設定による担当部署または担当者です。
figure-exploits = 攻撃コードあり

# 記入用の列。

xlsx-chart-age = 経過日数別の未対応の検出結果
xlsx-chart-resources = リスクの高いリソース
xlsx-chart-accounts = アカウント別の未対応の検出結果
xlsx-chart-owners = 担当別の未対応の検出結果
xlsx-limits = Excel の制限
xlsx-limits-text = { $cut ->
        [0] {""}
       *[other] { $cut-text } 件の値をセルに収まるよう切り詰めました。
    }{ $unlinked ->
        [0] {""}
       *[other] URL { $unlinked-text } 件はリンクにせず文字列で載せました。
    }
xlsx-note-age = 経過日数は、初回検出からデータの基準日までの日数です (未対応のみ)。

xlsx-accepted = リスク受容
xlsx-contents-accepted = リスク受容とした検出結果と、その理由・有効期限
xlsx-accepted-reason = 理由
xlsx-accepted-since = 受容日
xlsx-accepted-until = 有効期限
xlsx-accepted-by = 承認者

xlsx-change-new = 新規
xlsx-change-reopened = 再オープン
xlsx-change-severity = 重大度の変更
xlsx-change-still-open = 継続
xlsx-change-suppressed = 抑制・リスク受容
xlsx-change-fixed = 解消
xlsx-change-unknown = 不明
xlsx-severity-before = 以前の重大度
xlsx-first-seen-ever = 初回検出日時 (早い方)
xlsx-contents-change-new = { $date } のレポートにない未対応の検出結果 ({ $findings-text } 件)
xlsx-contents-change-reopened = { $date } には抑制・リスク受容・クローズで、現在は未対応の検出結果 ({ $findings-text } 件)
xlsx-contents-change-severity = { $date } と重大度が異なる未対応の検出結果 ({ $findings-text } 件)
xlsx-contents-change-still-open = { $date } から継続している未対応の検出結果 ({ $findings-text } 件)
xlsx-contents-change-suppressed = { $date } には未対応で、現在は抑制またはリスク受容の検出結果 ({ $findings-text } 件)
xlsx-contents-change-fixed = { $date } には未対応で、現在はクローズまたは記載がない検出結果 ({ $findings-text } 件)
xlsx-contents-change-unknown = { $date } には未対応で、完全ではない今回のレポートに記載がない検出結果 ({ $findings-text } 件)
xlsx-gone = レポートに記載なし
xlsx-section-facts = このレポートについて
xlsx-term-rule = 対応優先度の判定
xlsx-rule = { $number-text }. { $label }
xlsx-rule-text = { $condition } (根拠: { $source })
