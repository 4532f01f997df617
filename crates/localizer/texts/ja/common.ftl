# 複数の出力で共通に使う文言。

blank = (空白)
total = 合計
other-severity = その他

severity-critical = 緊急 (CRITICAL)
    .meaning = 最優先で対応してください。CVSS スコアの目安は 9.0～10.0 です。
severity-high = 高 (HIGH)
    .meaning = 早めに対応してください。CVSS スコアの目安は 7.0～8.9 です。
severity-medium = 中 (MEDIUM)
    .meaning = 定期的な更新の中で対応してください。CVSS スコアの目安は 4.0～6.9 です。
severity-low = 低 (LOW)
    .meaning = 影響は限定的です。CVSS スコアの目安は 0.1～3.9 です。
severity-informational = 情報 (INFORMATIONAL)
    .meaning = 参考情報です。直ちに対応する必要はありません。
severity-untriaged = 未評価 (UNTRIAGED)
    .meaning = 提供元の評価がまだありません。安全とは限らないため、参照先を確認してください。

status-active = アクティブ
    .meaning = 検出結果は有効です。脆弱性が残っています。
status-suppressed = 抑制
    .meaning = 抑制ルールにより一覧から除外されています。脆弱性は残っています。
status-closed = クローズ
    .meaning = 解消されたか、リソースがなくなりました。

finding-type-package-vulnerability = パッケージの脆弱性
    .meaning = インストールされているソフトウェアに既知の脆弱性があります。
finding-type-network-reachability = ネットワーク到達可能性
    .meaning = インスタンスのポートに外部から到達できます。
finding-type-code-vulnerability = コードの脆弱性
    .meaning = 自社で作成したコードの脆弱性です。コードの解析で検出されました。

fix-yes = あり
fix-partial = 一部あり
fix-no = なし

exploit-yes = あり
exploit-no = なし

resource-type-ec2-instance = EC2 インスタンス
resource-type-ecr-container-image = ECR コンテナイメージ
resource-type-ecr-repository = ECR リポジトリ
resource-type-lambda-function = Lambda 関数
resource-type-code-repository = コードリポジトリ
resource-type-machine-image = マシンイメージ

# 対応内容。$packages: パッケージ名(カンマ区切り)。$version: 修正済みの最初のバージョン。
action-update-to = { $packages } を { $version } に更新する
action-update = { $packages } に更新する
action-install-update = { $vulnerability } の修正プログラム (ベンダー提供) を適用する
action-close-path-of = ネットワーク経路を遮断する: { $title }
action-close-path = ポート { $ports } へのネットワーク経路を遮断する
action-mitigate = { $vulnerability } の緩和策の適用、隔離、またはリスク受容を行う (修正なし)
action-mend-code = コードを修正する: { $detector }

# 要約の見出し。
title = Amazon Inspector 検出結果
section-severities = 重大度別の件数
section-actions = 優先して行う対応
section-resources = リスクの高いリソース
figure-action = 対応内容
    .meaning = 複数の検出結果をまとめて解消する作業です (更新、ネットワーク経路の遮断、コードの修正など)。
figure-resource = リソース
figure-open = 未対応
    .meaning = 対応が必要な検出結果です (抑制・リスク受容・クローズのいずれでもないもの)。
figure-vulnerabilities = 脆弱性数
figure-resources = リソース数
figure-fix = 修正あり
    .meaning = 脆弱性を取り除く更新があります (一部のパッケージのみの場合を含みます)。
figure-exploit = 攻撃コードあり
    .meaning = 脆弱性を悪用するプログラムや手順 (攻撃コード) が公開されています。実際に悪用されたかどうかは問いません。
figure-oldest = 最も古い初回検出日
    .meaning = 未対応の検出結果のうち、最も古いものの初回検出日です。新しいイメージをプッシュすると、検出日が新しくなります。
figure-suppressed = 抑制
figure-accepted = リスク受容
figure-set-aside = 抑制・リスク受容
figure-closed = クローズ
figure-findings = 全件
figure-settles = 解消できる件数
figure-critical = 緊急
figure-high = 高
figure-medium = 中
figure-other = その他
fact-source = 入力ファイル
fact-data-date = データの基準日時
fact-filters = フィルター条件

# $critical、$high は未対応の検出結果の件数。$fix、$exploit はそのうちの件数。
sentence-report-lost = レポート { $lost-text } 件を読み取れなかったため、集計に含まれていません。実際の件数はこれより多い可能性があります。
# 一部が欠けているか、その可能性があるレポートの見出しの前に置く。$rows は行数。
headline-incomplete = { $loss ->
        [possible] このレポートは完全ではない可能性があります (理由は「入力ファイルの問題」に記載)。
        [rows] このレポートは完全ではありません。{ $rows-text } 行を読み取れませんでした。
       *[unknown] このレポートは完全ではありません。入力の一部が欠けており、その件数は不明です。
    }
# フィルターをかけたレポートの見出しの後に置く。除外したものは「ない」わけではない。
headline-left-out = フィルターで除外した未対応の検出結果は { $open-text } 件です (緊急 { $critical-text } 件、高 { $high-text } 件)。
# $scope は集計の範囲 (フィルターの条件に合うもの、分割した一部、読み込めたもの)。
# フィルターで緊急か高の一方がすべて除外されたとき。$severity は残った方。
headline-of-one = フィルター条件に合う未対応の検出結果は { $open-text } 件です ({ $severity } { $count-text } 件)。このうち{ $fix ->
        [0] 修正があるものはありません
       *[other] { $fix-text } 件に修正があります{ $partial ->
            [0] {""}
           *[other] {" "} (うち { $partial-text } 件は一部のパッケージのみ)
        }
    }。{ $exploit ->
        [0] 攻撃コードの公開は確認されていません。
       *[other] { $exploit-text } 件は攻撃コードが公開されています。
    }
headline = { $scope ->
        [filtered] フィルター条件に合う
        [part] この分割分の
       *[all] {""}
    }未対応の検出結果は { $open-text } 件です (緊急 { $critical-text } 件、高 { $high-text } 件)。緊急・高のうち、{ $fix ->
        [0] 修正があるものはありません
       *[other] { $fix-text } 件に修正があります{ $partial ->
            [0] {""}
           *[other] {" "} (うち { $partial-text } 件は一部のパッケージのみ)
        }
    }。{ $exploit ->
        [0] 攻撃コードの公開は確認されていません。
       *[other] { $exploit-text } 件は攻撃コードが公開されています。
    }
headline-lesser = { $scope ->
        [filtered] フィルター条件に合う
        [part] この分割分の
       *[all] {""}
    }未対応の検出結果は { $open-text } 件です。{ $hidden ->
        [0] 緊急・高はありません。
       *[other] {""}
    }
headline-none = { $scope ->
        [filtered] フィルター条件に合う未対応の検出結果はありません。
        [part] この分割分に、未対応の検出結果はありません。
        [incomplete] 読み取れた範囲に、未対応の検出結果はありません。
       *[all] 未対応の検出結果はありません。
    }
# フィルターで 1 件も残らない重大度の件数の代わり。
figure-left-out = 対象外

# 表を読まない人のための文。$settled と $grave は緊急・高の検出結果の件数。
sentence-actions = 上位 { $actions-text } 件の対応を行うと、緊急・高 { $grave-text } 件のうち { $settled-text } 件を解消できます。
sentence-age = { $old ->
        [0] 初回検出から { $days-text } 日を超えた未対応はありません
       *[other] 初回検出から { $days-text } 日を超えた未対応は { $old-text } 件 ({ $share }) です
    }。最も古いものは { $since } に検出され、{ $oldest-text } 日が経過しています。{ $unknown ->
        [0] {""}
       *[other] ほかに { $unknown-text } 件は初回検出日が不明です。
    }
sentence-resource-no-account = 最優先で確認するリソースは「{ $name }」です (未対応 { $open-text } 件: 緊急 { $critical-text } 件、高 { $high-text } 件)。
sentence-resource = 最優先で確認するリソースは「{ $name }」です (アカウント { $account }、未対応 { $open-text } 件: 緊急 { $critical-text } 件、高 { $high-text } 件)。
sentence-resource-open = 最優先で確認するリソースは「{ $name }」です (未対応 { $open-text } 件)。
sentence-nobody = 緊急・高のうち { $findings-text } 件は、担当を示すタグがないリソースで検出されました。担当を決めてください。
sentence-untriaged = { $findings-text } 件は重大度が未評価です。安全とは限らないため、内容を確認してください。
section-sentences = 要点
section-ages = 経過日数別の件数
section-accounts = アカウント別の件数
section-owners = 担当別の件数
figure-age = 経過日数
age-0 = 30 日以内
age-1 = 31～60 日
age-2 = 61～90 日
age-3 = 90 日超
age-4 = 不明
older-0 = 30 日超
older-1 = 60 日超
older-2 = 90 日超
figure-share = 割合
figure-owner = 担当
nobody = (担当なし)

# What is wrong with an input, for the sheet and the summaries. $example: the value that was met.
problem-field-count = 列の数がヘッダー行と異なるため、この行を除外しました。
problem-open-quote = ここで始まる引用符が閉じられていないため、この行を除外しました。
problem-not-a-finding = 検出結果として読み取れないため、除外しました。
problem-repeated-header = ヘッダー行が再度現れたため、除外しました。
problem-report-lost = このレポートは読み取れなかったため、集計に含まれていません。
problem-not-utf-8 = 文字として読み取れないバイトを置き換えました。
problem-not-a-time = 「{ $example }」は日時として読み取れないため、文字列のまま残しました。
problem-not-a-number = 「{ $example }」は数値ではないため、文字列のまま残しました。
problem-account-id-lost = 「{ $example }」は、表計算ソフトが数値に変換したアカウント ID です。末尾の桁が失われているため、レポートをエクスポートし直してください。
problem-account-id-repaired = { $example ->
        [blank] アカウント ID が空欄だったため、同じ行の ARN から補いました。
       *[other] アカウント ID が表計算ソフトなどで「{ $example }」に変わっていたため、同じ行の ARN または残っていた桁から復元しました。
    }
problem-cut-off = ファイルが途中で終わっています。以降の検出結果が欠けており、その件数は不明です。
problem-may-be-cut = ファイルの末尾に改行がありません。ここで途切れている可能性があります。
problem-pages-missing = 一覧の一部のページだけです。残りのページの検出結果は含まれていません。
problem-stray-quote = 閉じた引用符の後に文字があります。この行の列が正しく区切られていない可能性があります。
problem-rows-in-field = この行の引用符の中に、行全体が含まれています。検出結果が欠けている可能性があります。
problem-repeated-heading = 同じ見出しの列が 2 つあります。最初の列を使用しました。
problem-time-ahead = 「{ $example }」はレポート内の他の日時より先の日時です。データの日付を求める際には使用していません。
problem-ambiguous-time = 「{ $example }」は年・月・日の順序を判断できないため、文字列のまま残しました。
problem-not-an-arn = 「{ $example }」は検出結果の ARN として長すぎます。ファイルの破損により複数の行がつながっている可能性があります。

# What became of the findings of an earlier report. $name: its file. $date: the day of its data. $account and
# $region: of findings that are gone. $count: how many these are.
section-changes = 前回からの変化
changes-compared = 比較対象: { $name } ({ $date } 時点)
figure-change = 変化
change-new = 新規
change-reopened = 再オープン
change-severity = 重大度の変更
change-still-open = 継続
change-suppressed = 抑制・リスク受容
change-fixed = 解消
change-unknown = 不明 (完全ではないレポートに記載なし)
changes-not-covered = アカウント { $account }、リージョン { $region } の検出結果は今回のレポートにありません。前回の { $count-text } 件は「解消」に含めていますが、エクスポートの対象外であれば解消していません。
changes-lost-before = { $lost ->
        [0] 前回のレポートは完全ではないか、その可能性があります。欠けている検出結果が「新規」に含まれている可能性があります。
       *[other] 前回のレポートの { $lost-text } 行を読み取れませんでした。その検出結果が「新規」に含まれている可能性があります。
    }
changes-lost-now = { $lost ->
        [0] 今回のレポートは完全ではないか、その可能性があります。記載のない検出結果は「解消」に含めていません。
       *[other] 今回のレポートの { $lost-text } 行を読み取れませんでした。記載のない検出結果は「解消」に含めていません。
    }

# 検出結果や対応の横に記入する欄。
triage-owner = 作業担当者
triage-due = 対応予定日
triage-state = 対応状況
triage-notes = 備考
triage-state-todo = 未対応
triage-state-doing = 対応中
triage-state-accepted = リスク受容
triage-state-done = 対応済み

# 対応優先度。理由は「、」で並べる。
priority = 対応優先度
    .meaning = いつ対応するかの目安です。このシートの判定表で決まります。
priority-act-now = 即時対応
    .meaning = 通常の予定を待たずに、直ちに対応します。
priority-soon = 早期対応
    .meaning = 定期メンテナンスを待たずに、早めに対応します。
priority-planned = 計画対応
    .meaning = 次の定期メンテナンスで対応します。
priority-routine = 定期対応
    .meaning = 定期的な更新の中で対応します。
priority-watch = 経過観察
    .meaning = 現時点では対応せず、状況の変化を確認します。
reasons = 判断理由
    .meaning = 対応優先度を決めた理由です。
reason-separator = 、
reason-known-exploited = 悪用確認 (KEV)
reason-ransomware = ランサムウェア攻撃での悪用あり
reason-malicious-package = 悪意のあるパッケージ
reason-exploit-available = 攻撃コードあり
reason-epss = EPSS { $percent }%
reason-reachable = インターネットから到達可能
reason-public-ip = パブリック IP あり
reason-internet-facing = インターネットに公開
reason-internal = 内部のみ
reason-important = 重要システム
reason-critical = 重大度: 緊急
reason-high = 重大度: 高
reason-medium = 重大度: 中
reason-low = 重大度: 低
reason-informational = 重大度: 情報
reason-unrated = 重大度: 未評価
reason-end-of-life = サポート終了
reason-fix-available = 修正あり
reason-partial-fix = 一部修正あり
reason-no-fix = 修正なし
reason-idle = 使用されていない
priority-rule-1 = 悪意のあるパッケージ (MAL-)
    .source = 独自の基準: 更新ではなくインシデントとして扱う
priority-rule-2 = 悪用確認 (KEV) があり、重大度が緊急・高、または露出している、またはランサムウェア攻撃での悪用あり
    .source = BOD 26-04、ランサムウェアは Grype
priority-rule-3 = 悪用確認 (KEV) あり
    .source = BOD 26-04
priority-rule-4 = 攻撃可能で緊急 (内部のみと設定したものを除く)
    .source = 独自の基準 (BOD 26-04 より厳しい): イメージや関数の露出は不明であり、SSVC では公開とみなす
priority-rule-5 = 攻撃可能で、露出しており、重大度が高
    .source = BOD 26-04
priority-rule-6 = 攻撃可能で、重大度が緊急・高、または露出していて中
    .source = 露出している場合は BOD 26-04、FedRAMP VDR
priority-rule-7 = 露出しており、重大度が緊急・高
    .source = BOD 26-04、Cyber Essentials
priority-rule-8 = 重大度が緊急・高、またはプラットフォームのサポート終了
    .source = FedRAMP Rev5、PCI DSS、Cyber Essentials
priority-rule-9 = 重大度が中で、攻撃可能または露出している
    .source = 独自の基準 (BOD 26-04 の範囲内)
priority-rule-10 = 重大度が中で修正あり、または重大度が低で攻撃可能または露出している
    .source = FedRAMP Rev5、低は独自の基準
priority-rule-11 = 上記以外
    .source = SSVC では defer、BOD 26-04 では次回の更改時
priority-note-attackable = 「攻撃可能」は、攻撃コードあり、または EPSS スコアが { $epss } 以上のものです。
priority-note-attackable-exploit = 「攻撃可能」は、攻撃コードありのものです。EPSS スコアは使いません。
priority-note-exposed = 「露出している」は、Inspector がネットワーク経路を検出した、{ $publicIp ->
        [yes] パブリック IPv4 アドレスがある、
       *[no] {""}
    }または設定で公開と指定したリソースです。
priority-note-idle = 使用されていないもの (ランタイムで到達できるパッケージがない、またはイメージが使われていない) は、4 番以降の判定を 1 段階下げます。
priority-note-exploit = 攻撃コードの有無は、実際に悪用されたかどうかを示しません。悪用の確認は CISA のカタログ (KEV) によります。
kev-not-checked = CISA の悪用確認カタログ (KEV) が指定されていないため、悪用の確認は行っていません。
priority-rule-changed = 設定で変更 (標準: { $usual })
priority-rule-off = 無効
priority-note-routine = 重大度が高で、ほかに判断材料がなく、EPSS スコアが { $epss } 未満のものは定期対応とします。
target-days = { $name } { $days } 日
priority-head = 上から順に判定し、最初に当てはまる行で決まります。
priority-days = { $days } 日以内に対応します。
targets-in-force = 対応目標 (初回検出からの日数): { $targets }
between = {""}
section-priorities = 対応優先度別の件数
section-owners-due = 担当別の件数と期限
figure-when = 対応の時期
figure-due = 対応期限
    .meaning = 初回検出日に対応目標の日数を加えた日です。悪用が確認されている脆弱性では、CISA のカタログに掲載された日も考慮します。
figure-overdue = 期限超過
    .meaning = 対応期限を過ぎた未対応の検出結果です。
figure-overdue-days = 超過日数
figure-next-due = 次の対応期限
figure-first-action = 最初の対応
fact-kev = 悪用確認 (KEV)
fact-epss = EPSS スコア
fact-targets = 対応目標 (日)
kev-not-checked-short = 未確認 (カタログの指定なし)
kev-checked = { $file } (最新の掲載日 { $date }、{ $all-text } 件)。このレポートの脆弱性のうち { $listed-text } 件が掲載されています。CVE ID のない { $unknown-text } 件は確認できません
epss-checked = { $file } ({ $date } 時点、モデル { $model })。このレポートの脆弱性のうち { $matched-text } 件にスコアがあります
# レポートの列に加える、計算した値の列。
derived-priority = 対応優先度
derived-resource = リソース
derived-owner = 担当
derived-due = 対応期限
derived-overdue = 超過日数
derived-reasons = 判断理由
derived-row = レポートの行
figure-longest = 最大超過日数
figure-near = 期限間近 (7 日以内)
figure-no-owner = 担当なし
