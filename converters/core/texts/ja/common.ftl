# 複数の出力で共通に使う文言。

blank = （空白）
total = 合計
other-severity = その他

severity-critical = 緊急 (CRITICAL)
severity-high = 高 (HIGH)
severity-medium = 中 (MEDIUM)
severity-low = 低 (LOW)
severity-informational = 情報 (INFORMATIONAL)
severity-untriaged = 未トリアージ (UNTRIAGED)

status-active = アクティブ
status-suppressed = 抑制
status-closed = 終了

finding-type-package-vulnerability = パッケージの脆弱性
finding-type-network-reachability = ネットワーク到達可能性
finding-type-code-vulnerability = コードの脆弱性

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
action-mend-code = コードを修正する: { $detector }

# 要約の見出し。
title = Amazon Inspector 検出結果
section-severities = 重大度別の件数
section-actions = 最初に行うこと
section-resources = 影響の大きいリソース
figure-action = 対応内容
figure-resource = リソース
figure-open = 未対応
figure-vulnerabilities = 脆弱性の数
figure-resources = リソース数
figure-fix = 修正あり
figure-exploit = 悪用方法あり
figure-oldest = 最も古い検出日
figure-suppressed = 抑制
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
headline = 未対応の検出結果は { $open-text } 件で、うち緊急 (CRITICAL) が { $critical-text } 件、高 (HIGH) が { $high-text } 件です。緊急と高のうち { $fix-text } 件には修正があり{ $partial ->
        [0] {""}
       *[other] （うち { $partial-text } 件は一部のパッケージのみ）
    }、{ $exploit-text } 件は悪用方法が知られています。
headline-lesser = 未対応の検出結果は { $open-text } 件で、緊急 (CRITICAL) と高 (HIGH) はありません。
headline-none = 未対応の検出結果はありません。
