# SARIF: コードスキャンのルール(アラートのヘルプ)と結果(メッセージ)に表示する文言。

# 項目の表。
sarif-fact = 項目
sarif-value = 内容
# $source: スコアの発行元。$version: CVSS のバージョン。
sarif-cvss = CVSS { $version } ({ $source })
sarif-cvss-unnamed = CVSS { $version } (ベンダー)
# $percent: 数値。
sarif-epss-value = 30 日以内に悪用される確率 { $percent } %
# $date: 日付。
sarif-exploit-last = { $exploit } (最終確認日: { $date })
sarif-cwe = 脆弱性タイプ (CWE)

sarif-references-more = ほか { $count-text } 件

# レポートに該当する文がないルールの題名と説明。$port: 番号または範囲とプロトコル。
sarif-network-title = ポート { $port } にネットワークから到達できます。
sarif-network-title-any = ネットワークから到達できるポートがあります。
sarif-network-about = EC2 インスタンスへの通信を許すネットワーク経路があります。インスタンスと経路の構成要素は、各アラートに記載しています。
sarif-code-title = コードの脆弱性: { $detector }。
sarif-code-title-any = コードの脆弱性。
sarif-code-about = Amazon Inspector がコード内で検出した脆弱性です。該当する関数またはリポジトリと脆弱性の説明は、各アラートに記載しています。
sarif-other-title = 脆弱性 ID のない検出結果。
sarif-other-about = Amazon Inspector が脆弱性 ID を付与していない検出結果です。内容は各アラートに記載しています。
sarif-vulnerability-about = { $vulnerability } の説明はレポートにありません。

# メッセージの最初の文。一覧ではこの文だけが表示される。対象、場所、対応を一文で述べる。
# $packages: パッケージ名とインストール済みバージョン。$resource: リソースの種類と名前。$fixed: 修正バージョン。
sarif-package-update = { $vulnerability } (重大度: { $severity }): { $resource } の { $packages } が影響を受けるため、{ $fixed } に更新してください。
sarif-package-update-some = { $vulnerability } (重大度: { $severity }): { $resource } の { $packages } が影響を受けるため、{ $fixed } に更新してください (一部のパッケージには修正バージョンがまだありません)。
sarif-package-fix = { $vulnerability } (重大度: { $severity }): { $resource } の { $packages } が影響を受けるため、ベンダーの修正プログラムを適用してください。
sarif-package-no-fix = { $vulnerability } (重大度: { $severity }): { $resource } の { $packages } が影響を受けますが、修正バージョンはまだ公開されていません。
sarif-package-see = { $vulnerability } (重大度: { $severity }): { $resource } の { $packages } が影響を受けるため、アドバイザリで修正を確認してください。
sarif-resource-fix = { $vulnerability } (重大度: { $severity }): { $resource } が影響を受けるため、ベンダーの修正プログラムを適用してください。
sarif-resource-no-fix = { $vulnerability } (重大度: { $severity }): { $resource } が影響を受けますが、修正はまだ公開されていません。
sarif-resource-see = { $vulnerability } (重大度: { $severity }): { $resource } が影響を受けるため、アドバイザリで修正を確認してください。
sarif-network = { $resource } のポート { $port } にネットワークから到達できるため (重大度: { $severity })、経路上のセキュリティグループまたはネットワーク ACL で制限してください。
sarif-network-any = { $resource } にネットワークから到達できるポートがあるため (重大度: { $severity })、経路上のセキュリティグループまたはネットワーク ACL で制限してください。
sarif-code = { $detector } (重大度: { $severity }): { $resource } のコードを修正してください。
sarif-code-file = { $detector } (重大度: { $severity }): { $resource } の { $file } を修正してください。
sarif-other = { $title } (重大度: { $severity }): { $resource } で検出されました。

# 最初の文に続く内容。
sarif-where = リソース { $id }、アカウント { $account }、リージョン { $region }。
sarif-where-id = リソース { $id }。
sarif-where-place = アカウント { $account }、リージョン { $region }。
sarif-commands = 修正コマンド: { $commands }
sarif-path = ネットワーク経路: { $path }
# レポートに題名またはディテクター名がない場合の代わりの語。
sarif-weakness = コードの脆弱性
sarif-finding = 検出結果
# $items: 名前のリスト。
sarif-and-more = { $items } ほか { $count-text } 件

# Why a result does not count.
sarif-suppressed = Amazon Inspector の抑制ルールにより抑制されています。
