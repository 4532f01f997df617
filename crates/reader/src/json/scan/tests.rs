use proptest::prelude::*;

use super::*;

fn scan(text: &str, block: usize) -> (Vec<String>, Scanner) {
    let mut scanner = Scanner::default();
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let bytes = &text.as_bytes()[at..];
        let bytes = &bytes[..bytes.len().min(block)];
        let mut push = |range: Range<u64>| {
            let bytes = &text.as_bytes()[range.start as usize..range.end as usize];
            found.push(String::from_utf8_lossy(bytes).into_owned());
        };
        match if bytes.is_empty() { scanner.finish(&mut push) } else { scanner.scan(bytes, &mut push) } {
            Some(again) => at = again as usize,
            None if bytes.is_empty() => break,
            None => at += bytes.len(),
        }
    }
    (found, scanner)
}

#[test]
fn findings_are_found_in_every_shape() {
    let a = r#"{"findings":"[","x":{"findings":[1]},"y":"\"}]\\"}"#;
    let b = r#"{"b":[{},[]]}"#;
    for (text, expected) in [
        (format!(r#"{{"findings":[{a},{b}]}}"#), vec![a, b]),
        (format!(r#" {{ "nextToken" : "findings", "findings" : [ {a} , {b} ], "z": [{b}] }} "#), vec![a, b]),
        (format!("[{a},\n{b}]"), vec![a, b]),
        (format!("{a}\n{b}\n"), vec![a, b]),
        (a.to_owned(), vec![a]),
        (format!(r#"{{"findings":[{a}]}}{{"findings":[]}}[{b}]{a}"#), vec![a, b, a]),
        (format!(r#"[1,"]",null,{b},[{a}]]"#), vec!["1", r#""]""#, "null", b, &format!("[{a}]")]),
        (r#"{"findings":[]}"#.to_owned(), vec![]),
        (r#"{"findings":{"a":1}}"#.to_owned(), vec![r#"{"findings":{"a":1}}"#]),
        (r#"{"a":"findings","b":[1]}"#.to_owned(), vec![r#"{"a":"findings","b":[1]}"#]),
        (String::new(), vec![]),
        (format!("\u{feff}{a}\n\u{feff}[{b}]"), vec![a, b]),
    ] {
        for block in [1, 2, 3, 7, 1000] {
            let (found, scanner) = scan(&text, block);
            assert_eq!(found, expected, "{text}");
            assert_eq!((scanner.end(), scanner.stray()), (End::Whole, None), "{text}");
        }
    }
}

#[test]
fn an_input_that_is_cut_off_is_known() {
    let end = |text: &str| scan(text, 3).1.end();
    assert_eq!(end(r#"{"findings":[{"a":1},{"b"#), End::InElement(21));
    assert_eq!(end(r#"{"findings":[{"a":1},"#), End::InDocument);
    assert_eq!(end(r#"{"findings":[{"a":1}]"#), End::InDocument);
    assert_eq!(end(r#"{"a":[1"#), End::InElement(0));
    assert_eq!(end(r#"["#), End::InDocument);
}

#[test]
fn what_belongs_to_no_document_is_known() {
    assert_eq!(scan("  x{}", 9).1.stray(), Some(2));
    assert_eq!(scan("{}]", 9).1.stray(), Some(2));
    assert_eq!(scan("\"{\"", 9).1.stray(), Some(0));
}

#[test]
fn the_names_of_the_first_document_are_remembered() {
    assert_eq!(scan(r#"{"a":{"b":1},"c":"d","e":[]}{"f":1}"#, 2).1.keys(), &["a", "c", "e"]);
}

/// What is found in a damaged input: elements, and what is between them.
fn damaged(text: &str) -> (Vec<String>, Vec<(Damaged, String)>, End) {
    let (found, scanner) = scan(text, 1000);
    for block in [1, 2, 3, 7] {
        let (other, of) = scan(text, block);
        assert_eq!((&other, of.damages(), of.end()), (&found, scanner.damages(), scanner.end()), "{text} {block}");
    }
    let slice = |bytes: &Range<u64>| {
        String::from_utf8_lossy(&text.as_bytes()[bytes.start as usize..bytes.end as usize]).into_owned()
    };
    let damages = scanner.damages().iter().map(|damage| (damage.what, slice(&damage.bytes))).collect();
    (found, damages, scanner.end())
}

const A: &str = r#"{"findingArn":"a","resources":[{"id":"i-1","x":{"type":"{"}}],"severity":"HIGH"}"#;
const B: &str = r#"{"findingArn":"b","severity":"LOW"}"#;
const C: &str = r#"{"findingArn":"c","resources":[{"id":"i-1"}]}"#;

#[test]
fn a_line_that_is_cut_costs_one_line() {
    for end in 1..A.len() {
        let cut = &A[..end];
        let (found, damages, whole) = damaged(&format!("{B}\n{cut}\n{C}\n{B}\n"));
        assert_eq!(found, [B, C, B], "{cut}");
        assert_eq!(damages, [(Damaged::Line, format!("{cut}\n"))], "{cut}");
        assert_eq!(whole, End::Whole, "{cut}");
        // Two of them, and one at the end. A bracket alone may be the first line of a document.
        let expected = if end == 1 { 1 } else { 2 };
        let (found, damages, whole) = damaged(&format!("{B}\n{cut}\n{cut}\n{C}\n{cut}"));
        assert_eq!((found.as_slice(), damages.len()), (&[B.to_owned(), C.to_owned()][..], expected), "{cut}");
        assert!(matches!(whole, End::InElement(_)));
    }
}

#[test]
fn a_line_whose_beginning_is_missing_costs_one_line() {
    for start in 1..A.len() {
        let cut = &A[start..];
        let (found, damages, whole) = damaged(&format!("{B}\n{cut}\n{C}\n{B}\n"));
        let others: Vec<&String> = found.iter().filter(|found| ![B, C].contains(&found.as_str())).collect();
        assert_eq!(found.len() - others.len(), 3, "{cut}: {found:?}");
        assert!(damages.len() + others.len() >= 1 && whole == End::Whole, "{cut} {damages:?}");
    }
}

#[test]
fn a_finding_that_is_cut_costs_one_finding() {
    for end in 1..A.len() {
        let cut = &A[..end];
        for (start, separator, stop) in [
            ("{\"findings\":[", ",", "]}"),
            ("[", "", "]"),
            ("{\"findings\": [\n  ", ",\n  ", "\n]}\n"),
            ("[", " ", "],"),
        ] {
            let text = format!("{start}{B}{separator}{cut}{separator}{C}{separator}{B}{stop}");
            let (found, damages, whole) = damaged(&text);
            // Cut behind a colon it may hold the one behind it.
            let swallowed = cut.ends_with(':') && !separator.contains('\n');
            let others: Vec<&String> = found.iter().filter(|found| ![B, C].contains(&found.as_str())).collect();
            assert_eq!(found.len() - others.len() + usize::from(swallowed && found.len() < 3), 3, "{text}: {found:?}");
            assert!(damages.len() + others.len() > 0, "{text}");
            assert_eq!(whole, End::Whole, "{text}");
        }
        // Two files in one, the first of which is cut off.
        let page = format!("{{\"findings\":[{B},{C}]}}");
        let (found, damages, whole) = damaged(&format!("{{\"findings\":[{B},{cut}{page}"));
        assert_eq!((found.as_slice(), whole), (&[B.to_owned(), B.to_owned(), C.to_owned()][..], End::Whole), "{cut}");
        assert_eq!(damages[0].0, Damaged::Element);
    }
}

#[test]
fn stray_brackets_and_quotes_cost_nothing_behind_them() {
    for stray in ["}", "{", "]", "[", "\"", "}}", "{\"a\":1,", "\0\0\0", "\"a\":1},", ",,", "null,", "\"x\n"] {
        for (start, separator, stop) in [("{\"findings\":[", ",", "]}"), ("[", ",\n", "]"), ("", "\n", "\n")] {
            let text = format!("{start}{B}{separator}{stray}{C}{separator}{A}{separator}{B}{stop}");
            let (found, damages, end) = damaged(&text);
            let seen: Vec<&str> =
                [B, C, A, B].into_iter().filter(|one| found.iter().any(|found| found == one)).collect();
            assert_eq!(seen, [B, C, A, B], "{text}: {found:?} {damages:?}");
            let is_nothing = stray == ",,";
            assert!(is_nothing || found.len() + damages.len() > 4 || end != End::Whole, "{text}");
            // Inside an element it is that one that is lost.
            let broken = format!("{}{stray}{}", &A[..30], &A[30..]);
            let text = format!("{start}{B}{separator}{broken}{separator}{C}{separator}{B}{stop}");
            let (found, damages, _) = damaged(&text);
            let seen = found.iter().filter(|found| [B, C].contains(&found.as_str())).count();
            assert_eq!(seen, 3, "{text}: {found:?} {damages:?}");
            assert!(found.len() + damages.len() > 3, "{text}: {found:?}");
        }
    }
}

#[test]
fn a_missing_end_is_known_where_another_document_begins() {
    let text = format!("{{\"findings\":[{A},{B}\n{{\"findings\":[{C}]}}");
    let (found, damages, end) = damaged(&text);
    assert_eq!((found.as_slice(), end), (&[A.to_owned(), B.to_owned(), C.to_owned()][..], End::Whole));
    assert_eq!(damages.len(), 1);
    let (found, damages, end) = damaged(&format!("[{A},{B}}}\n"));
    assert_eq!((found.len(), damages.len(), end), (2, 1, End::InDocument));
    let (found, _, end) = damaged(&format!("{{\"findings\":[{A}],\"nextToken\":\"ab{{\"findings\":[{B}]}}"));
    assert_eq!((found.as_slice(), end), (&[A.to_owned(), B.to_owned()][..], End::Whole));
}

#[test]
fn no_input_takes_for_ever() {
    for part in ["{\"severity\":[", "{\"findingArn\":\n", "[", "{", "{\"findings\":[", "\"{\"severity\":1,", "{\"a\n"] {
        let text = part.repeat(200_000 / part.len());
        let started = std::time::Instant::now();
        let (_, scanner) = scan(&text, 1 << 20);
        assert!(started.elapsed().as_secs() < 10, "{part}");
        assert!(scanner.end() != End::Whole || !scanner.damages().is_empty(), "{part}");
    }
}

#[test]
fn the_last_page_says_whether_there_are_more() {
    let token = |text: &str| scan(text, 3).1.next_token();
    assert_eq!(token(r#"{"findings":[],"nextToken":"a"}"#), Some(27));
    assert_eq!(token(r#"{"NextToken": "a\"", "findings":[{"a":1}]}"#), Some(14));
    for none in [
        r#"{"findings":[],"nextToken":null}"#,
        r#"{"findings":[],"nextToken":""}"#,
        r#"{"findings":[{"nextToken":"a"}]}"#,
        r#"{"findings":[],"x":"nextToken","y":"a"}"#,
        r#"{"findings":[],"nextToken":"a"}{"findings":[]}"#,
        r#"{"nextToken":"a"}"#,
    ] {
        assert_eq!(token(none), None, "{none}");
    }
    assert!(token(r#"{"findings":[]}{"findings":[],"nextToken":"b""#).is_some());
}

/// Any JSON, written in one of several ways: its elements, and the text.
mod written {
    use super::*;

    fn value() -> impl Strategy<Value = String> {
        let string = prop_oneof![
            "[a-z{}\\[\\]:, ]{0,8}",
            prop::sample::select(vec![
                "findings",
                "findingArn",
                "severity",
                "{\"findingArn\":\"",
                "\n{\"a\":1}",
                "},{",
                "\\",
                "\"",
            ])
            .prop_map(str::to_owned),
        ];
        let string = string.prop_map(|text| serde_json::Value::from(text).to_string());
        let leaf = prop_oneof![
            string.clone(),
            prop::sample::select(vec!["1", "-1.5e3", "null", "true", "[]", "{}", "\"\""]).prop_map(str::to_owned),
        ];
        let blank = || prop::sample::select(vec!["", " ", "\n", "\r\n  "]);
        leaf.prop_recursive(4, 24, 4, move |inner| {
            let field = (string.clone(), blank(), inner.clone());
            prop_oneof![
                (prop::collection::vec(inner, 0..4), blank())
                    .prop_map(|(all, blank)| format!("[{blank}{}{blank}]", all.join(&format!("{blank},{blank}")))),
                (prop::collection::vec(field, 0..4), blank()).prop_map(|(all, between)| {
                    let fields: Vec<String> =
                        all.iter().map(|(key, blank, value)| format!("{key}{blank}:{blank}{value}")).collect();
                    format!("{{{between}{}{between}}}", fields.join(&format!("{between},{between}")))
                }),
            ]
        })
    }

    fn object() -> impl Strategy<Value = String> {
        prop::collection::vec(("findingArn|severity|a|detail|version", value()), 0..4).prop_map(|fields| {
            let fields: Vec<String> = fields.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
            format!("{{{}}}", fields.join(","))
        })
    }

    /// A document with its elements.
    fn document() -> impl Strategy<Value = (String, Vec<String>)> {
        let elements = prop::collection::vec(prop_oneof![object(), value()], 0..5);
        let blank = prop::sample::select(vec!["", " ", "\n"]);
        (elements, object(), value(), blank, 0..4).prop_map(|(elements, object, other, blank, kind)| {
            let list = elements.join(&format!("{blank},{blank}"));
            match kind {
                0 => (format!("[{blank}{list}{blank}]"), elements),
                1 => (format!("{{{blank}\"findings\":{blank}[{blank}{list}{blank}]{blank}}}"), elements),
                2 => (format!("{{\"a\":{other},\"findings\":[{list}],{blank}\"z\":{other}}}"), elements),
                _ => (object.clone(), vec![object]),
            }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// What is not damaged has the elements that it was written with, and nothing beside them.
        #[test]
        fn no_json_is_taken_for_damaged(
            documents in prop::collection::vec(document(), 0..4),
            between in prop::sample::select(vec!["", "\n", " ", "\r\n\r\n"]),
            block in 1usize..40,
        ) {
            let text: Vec<&str> = documents.iter().map(|(text, _)| text.as_str()).collect();
            let text = text.join(between);
            let expected: Vec<String> = documents.iter().flat_map(|(_, elements)| elements.clone()).collect();
            let (found, scanner) = scan(&text, block);
            prop_assert_eq!(found, expected, "{}", text);
            prop_assert_eq!(scanner.damages(), &[][..], "{}", text);
            prop_assert_eq!((scanner.end(), scanner.stray()), (End::Whole, None));
        }
    }
}

proptest! {
    /// Any bytes give the same elements, however they are cut into blocks, and no panic.
    #[test]
    fn blocks_do_not_matter(text in "[\\[\\]{}\",:\\\\a1 \n]{0,60}", block in 1usize..20) {
        let (whole, one) = scan(&text, 1000);
        let (parts, many) = scan(&text, block);
        prop_assert_eq!(whole, parts);
        prop_assert_eq!(one.end(), many.end());
        prop_assert_eq!(one.damages(), many.damages());
        prop_assert_eq!(one.next_token(), many.next_token());
        prop_assert_eq!(one.stray(), many.stray());
        prop_assert_eq!(one.keys(), many.keys());
    }
}
