//! Lists of accounts, as people keep them, and as AWS Organizations exports them (`Organization_accounts_information`).

use super::{Reference, column, csv_reader, left_out, text};

/// What a list says of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The id: 12 digits.
    pub id: String,
    /// Its name; empty if the list has none.
    pub name: String,
    /// Who is responsible; empty if the list does not say.
    pub owner: String,
    /// An address of mail; empty if the list has none.
    pub mail: String,
}

/// Reads a list of accounts, of which each line has an id in one of these columns: Account ID, Account, Id, アカウント ID.
///
/// An id that a spreadsheet has taken for a number gets its leading zeros back.
///
/// # Errors
/// What is wrong with the file, to stand behind its name.
pub fn read_accounts(bytes: &[u8]) -> Result<Reference<Vec<Account>>, String> {
    let text = text(bytes)?;
    let wrong = |what: &str| format!("is no list of accounts: {what}");
    let mut reader = csv_reader(&text);
    let headings = reader.headers().map_err(|error| wrong(&error.to_string()))?.clone();
    const IDS: [&str; 8] =
        ["Account ID", "AWS Account Id", "AccountId", "account_id", "Account", "Id", "アカウント ID", "アカウントID"];
    let Some(id) = column(&headings, &IDS).or_else(|| column(&headings, &["AWS アカウント ID", "アカウント"]))
    else {
        return Err(wrong("it has no column Account ID"));
    };
    let owner = column(&headings, &["Owner", "Team", "Contact", "担当", "担当者", "担当部署", "所有者"]);
    let name = column(&headings, &["Name", "Account Name", "AccountName", "account_name", "アカウント名", "名前"]);
    let mail = column(&headings, &["Mail", "Email", "E-mail", "メール", "メールアドレス"]);
    let (mut accounts, mut lost) = (Vec::new(), 0);
    for record in reader.records() {
        let record = record.map_err(|error| wrong(&error.to_string()))?;
        let cell = |place: Option<usize>| place.and_then(|place| record.get(place)).unwrap_or_default().to_owned();
        let digits = cell(Some(id));
        match (1..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            true => accounts.push(Account {
                id: format!("{digits:0>12}"),
                name: cell(name),
                owner: cell(owner),
                mail: cell(mail),
            }),
            false => lost += 1,
        }
    }
    match accounts.is_empty() {
        true => Err(wrong("it has no account ids")),
        false => Ok(Reference { value: accounts, notes: left_out(lost, "account id") }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_by_their_headings_in_either_language() {
        let of = |text: &str| read_accounts(text.as_bytes()).unwrap().value;
        let account = |id: &str, name: &str, owner: &str, mail: &str| Account {
            id: id.to_owned(),
            name: name.to_owned(),
            owner: owner.to_owned(),
            mail: mail.to_owned(),
        };
        let organizations = "Account ID,ARN,Email,Name,Status\n1234567890,arn:x,a@example.com,prod,ACTIVE\n,,,,\n";
        assert_eq!(of(organizations), [account("001234567890", "prod", "", "a@example.com")]);
        let japanese = "アカウント名,担当,アカウントID\n本番,基盤チーム,111122223333\n";
        assert_eq!(of(japanese), [account("111122223333", "本番", "基盤チーム", "")]);
        let shift_jis = encoding_rs::SHIFT_JIS.encode(japanese).0;
        assert_eq!(read_accounts(&shift_jis).unwrap().value, of(japanese));
        assert_eq!(
            read_accounts(organizations.as_bytes()).unwrap().notes,
            ["1 entry is left out: it has no account id"]
        );
        for text in ["", "a,b\n1,2\n", "Account ID\nx\n"] {
            assert!(read_accounts(text.as_bytes()).unwrap_err().starts_with("is no list of accounts"), "{text:?}");
        }
    }
}
