# 複数の出力で共通に使う文言。

blank = （空白）
total = 合計
other-severity = その他

severity-critical = 緊急 (CRITICAL)
    .meaning = 最も深刻です。最優先で対応してください。インスペクターのスコアは9.0から10.0です。
severity-high = 高 (HIGH)
    .meaning = 深刻です。早めに対応してください。インスペクターのスコアは7.0から8.9です。
severity-medium = 中 (MEDIUM)
    .meaning = 定期的な更新の中で対応してください。インスペクターのスコアは4.0から6.9です。
severity-low = 低 (LOW)
    .meaning = 危険は小さいです。インスペクターのスコアは0.1から3.9です。
severity-informational = 情報 (INFORMATIONAL)
    .meaning = 参考情報です。それ自体に危険はありません。
severity-untriaged = 未トリアージ (UNTRIAGED)
    .meaning = ベンダーがまだ評価していません。無害という意味ではありません。参照先を確認してください。

status-active = アクティブ
    .meaning = 検出結果は有効です。脆弱性が残っています。
status-suppressed = 抑制
    .meaning = アカウントの抑制ルールで非表示になっています。対応しないと判断されたものです。
status-closed = 終了
    .meaning = 修正されたか、リソースがなくなりました。

finding-type-package-vulnerability = パッケージの脆弱性
    .meaning = インストールされているソフトウェアに既知の脆弱性があります。
finding-type-network-reachability = ネットワーク到達可能性
    .meaning = インスタンスのポートに外部から到達できます。
finding-type-code-vulnerability = コードの脆弱性
    .meaning = 自社のコードの弱点です。コードの解析で見つかりました。

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
action-install-update = { $vulnerability } のベンダー更新プログラムを適用する
action-close-path-of = ネットワーク経路を閉じる: { $title }
action-close-path = ポート { $ports } へのネットワーク経路を閉じる
action-mitigate = { $vulnerability } の緩和策の適用、隔離、またはリスク受容を行う (修正なし)
action-mend-code = コードを修正する: { $detector }

# 要約の見出し。
title = Amazon Inspector 検出結果
section-severities = 重大度別の件数
section-actions = 最初に行うこと
section-resources = 影響の大きいリソース
figure-action = 対応内容
    .meaning = 複数の検出結果をまとめて解消する作業です（更新、ネットワーク経路の遮断、コードの修正）。
figure-resource = リソース
figure-open = 未対応
    .meaning = 対応が必要な検出結果です（抑制も受容も終了もされていません）。
figure-vulnerabilities = 脆弱性の数
figure-resources = リソース数
figure-fix = 修正あり
    .meaning = 脆弱性を取り除く更新があります（一部のパッケージのみの場合を含みます）。
figure-exploit = 悪用方法あり
    .meaning = 脆弱性を悪用する方法が公開されています。
figure-oldest = 最も古い検出日
    .meaning = 未対応の検出結果のうち、最も古いものが初めて検出された日です。コンテナイメージはプッシュのたびに数え直されます。
figure-suppressed = 抑制
figure-accepted = 受容
figure-set-aside = 抑制・受容
figure-closed = 終了
figure-findings = 全件
figure-settles = 解消する件数
figure-critical = 緊急
figure-high = 高
figure-medium = 中
figure-other = その他
fact-source = 元のファイル
fact-data-date = データの日時
fact-filters = フィルター

# $critical、$high は未対応の検出結果の件数。$fix、$exploit はそのうちの件数。
sentence-report-lost = 読み取れないレポートが { $lost-text } 件あり、集計に含まれていません。実際の件数はこれより多い可能性があります。
# 一部が欠けているか、その可能性があるレポートの見出しの前に置く。$rows は行数。
headline-incomplete = { $loss ->
        [possible] このレポートは不完全な可能性があります（理由は入力の問題点に記載）。
        [rows] このレポートは不完全です。{ $rows-text } 行を読み込めませんでした。
       *[unknown] このレポートは不完全です。入力の一部が欠けており、その件数は不明です。
    }
# フィルターをかけたレポートの見出しの後に置く。除外したものは「ない」わけではない。
headline-left-out = フィルターで除外した未対応の検出結果は { $open-text } 件です（緊急 { $critical-text } 件、高 { $high-text } 件）。
# $scope は集計の範囲（フィルターの条件に合うもの、分割した一部、読み込めたもの）。
# フィルターで緊急か高の一方がすべて除外されたとき。$severity は残った方。
headline-of-one = フィルターの条件に合うもののうち、未対応の検出結果は { $open-text } 件で、うち{ $severity }が { $count-text } 件です。{ $severity }のうち { $fix-text } 件には修正があり{ $partial ->
        [0] {""}
       *[other] （うち { $partial-text } 件は一部のパッケージのみ）
    }、{ $exploit-text } 件は悪用方法が知られています。
headline = { $scope ->
        [filtered] フィルターの条件に合うもののうち、
        [part] この分割分では、
       *[all] {""}
    }未対応の検出結果は { $open-text } 件で、うち緊急 (CRITICAL) が { $critical-text } 件、高 (HIGH) が { $high-text } 件です。緊急と高のうち { $fix-text } 件には修正があり{ $partial ->
        [0] {""}
       *[other] （うち { $partial-text } 件は一部のパッケージのみ）
    }、{ $exploit-text } 件は悪用方法が知られています。
headline-lesser = { $scope ->
        [filtered] フィルターの条件に合うもののうち、
        [part] この分割分では、
       *[all] {""}
    }未対応の検出結果は { $open-text } 件{ $hidden ->
        [0] で、緊急 (CRITICAL) と高 (HIGH) はありません。
       *[other] です。
    }
headline-none = { $scope ->
        [filtered] フィルターの条件に合う検出結果のうち、未対応のものはありません。
        [part] この分割分には、未対応の検出結果はありません。
        [incomplete] 読み込めた検出結果のうち、未対応のものはありません。
       *[all] 未対応の検出結果はありません。
    }
# フィルターで 1 件も残らない重大度の件数の代わり。
figure-left-out = 対象外

# 表を読まない人のための文。$settled と $grave は緊急・高の検出結果の件数。
sentence-actions = 最初の { $actions-text } 件の対応で、緊急・高の検出結果 { $grave-text } 件のうち { $settled-text } 件が解消します。
sentence-age = { $old ->
        [0] このうち { $days-text } 日を超えて未対応のものはありません
       *[other] { $days-text } 日を超えて未対応の検出結果は { $old-text } 件 ({ $share }) です
    }。最も古いものは { $since } から { $oldest-text } 日間未対応です。{ $unknown ->
        [0] {""}
       *[other] ほかに { $unknown-text } 件は初回検出日が不明です。
    }
sentence-resource-no-account = 最も深刻なリソースは { $name } で、未対応 { $open-text } 件のうち緊急が { $critical-text } 件、高が { $high-text } 件です。
sentence-resource = 最も深刻なリソースは { $name }（アカウント { $account }）で、未対応 { $open-text } 件のうち緊急が { $critical-text } 件、高が { $high-text } 件です。
sentence-resource-open = 最も深刻なリソースは { $name } で、未対応は { $open-text } 件です。
sentence-nobody = 緊急・高のうち { $findings-text } 件は、担当者を示すタグのないリソースのものです。担当者の確認が必要です。
sentence-untriaged = { $findings-text } 件は未評価です。無害という意味ではありません。
section-sentences = 要点
section-ages = どれくらい放置されているか
section-accounts = どのアカウントか
section-owners = 誰が対応するか
figure-age = 初回検出からの日数
age-0 = 30 日以内
age-1 = 31～60 日
age-2 = 61～90 日
age-3 = 90 日超
age-4 = 不明
older-0 = 30 日超
older-1 = 60 日超
older-2 = 90 日超
figure-share = 割合
figure-owner = 担当者
nobody = （担当者なし）

# What is wrong with an input, for the sheet and the summaries. $example: the value that was met.
problem-field-count = 列の数がヘッダー行と異なるため、この行を除外しました。
problem-open-quote = ここで始まる引用符が閉じられていないため、この行を除外しました。
problem-not-a-finding = 検出結果として読み取れないため、除外しました。
problem-repeated-header = ヘッダー行が再度現れたため、除外しました。
problem-report-lost = このレポートは読み取れませんでした。内容は含まれていません。
problem-not-utf-8 = 文字として読み取れないバイトを置き換えました。
problem-not-a-time = 「{ $example }」は日時として読み取れないため、文字列のまま残しました。
problem-not-a-number = 「{ $example }」は数値ではないため、文字列のまま残しました。
problem-account-id-lost = 「{ $example }」は表計算ソフトで数値に変換されたアカウント ID です。一部の桁が失われているため、レポートを再度エクスポートしてください。
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
section-changes = 前回のレポートからの変化
changes-compared = { $name }（{ $date }）と比較しました。
figure-change = 変化
change-new = 新規
change-reopened = 再び未対応
change-severity = 未対応のまま重大度が変化
change-still-open = 引き続き未対応
change-suppressed = 抑制または受容された
change-fixed = 修正済み・消滅
change-unknown = 不明（不完全なレポートに見当たらないもの）
changes-not-covered = アカウント { $account }、リージョン { $region } の検出結果はこのレポートにありません。前回の { $count-text } 件を「修正済み・消滅」に数えていますが、エクスポートの対象外であれば正しくありません。
changes-lost-before = { $lost ->
        [0] 前回のレポートは不完全か、その可能性があります。欠けている内容は新規として数えられている可能性があります。
       *[other] 前回のレポートの { $lost-text } 行が読み取れませんでした。その内容は新規として数えられている可能性があります。
    }
changes-lost-now = { $lost ->
        [0] 今回のレポートは不完全か、その可能性があります。見当たらない検出結果は、解消として数えていません。
       *[other] 今回のレポートの { $lost-text } 行が読み取れませんでした。見当たらない検出結果は、解消として数えていません。
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
