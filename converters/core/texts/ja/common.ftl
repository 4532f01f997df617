# 複数の出力で共通に使う文言。

blank = （空白）
yes = あり
no = なし
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
action-close-path = ポート { $ports } へのネットワーク経路を閉じる
action-mend-code = コードを修正する: { $detector }
