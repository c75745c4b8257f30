//! What texts mean: every kind of markup, what is none, and laws for any text at all.

use std::time::{Duration, Instant};

use events::mrkdwn::{Block, Element, MOST_MARKUP, Range, Span, Style, parse, spans};
use proptest::prelude::*;
use serde_json::{Value, json};

const ANN: &str = "018f0000-0000-7000-8000-000000000001";

fn tree(text: &str) -> Value {
    serde_json::to_value(parse(text)).unwrap_or_default()
}

/// The spans of a text that is one section.
fn line(text: &str) -> Value {
    tree(text)[0]["spans"].clone()
}

/// All that a reader would see.
fn seen(blocks: &[Block]) -> String {
    let of = |spans: &[Span]| spans.iter().map(shown).collect::<String>();
    let parts = blocks.iter().map(|block| match block {
        Block::Section { spans } | Block::Quote { spans } => of(spans),
        Block::List { items, .. } => items.iter().map(|item| of(&item.spans)).collect::<Vec<_>>().join("\n"),
        Block::Preformatted { text } => text.clone(),
    });
    parts.collect::<Vec<_>>().join("\n")
}

fn shown(span: &Span) -> String {
    match &span.element {
        Element::Text { text } => text.clone(),
        Element::Link { url, text } => text.clone().unwrap_or_else(|| url.clone()),
        Element::User { user } => user.to_string(),
        Element::Channel { conversation } => conversation.to_string(),
        Element::Broadcast { range: Range::Channel } => "channel".to_owned(),
        Element::Broadcast { range: Range::Here } => "here".to_owned(),
        Element::Emoji { name } => name.clone(),
    }
}

#[test]
fn mere_text_has_no_tree() {
    for text in
        ["hello", "a\n\nb", "2 * 3 * 4", "snake_case_name", "10:30:45", "a < b > c", "~", "* ", "5 - 3", "é*a", ""]
    {
        assert_eq!(tree(text), json!([]), "{text:?}");
    }
}

#[test]
fn styles_are_marks_on_spans() {
    assert_eq!(line("*b*"), json!([{ "type": "text", "text": "b", "bold": true }]));
    assert_eq!(line("**b**"), json!([{ "type": "text", "text": "b", "bold": true }]));
    assert_eq!(line("_i_"), json!([{ "type": "text", "text": "i", "italic": true }]));
    assert_eq!(line("~s~"), json!([{ "type": "text", "text": "s", "strike": true }]));
    assert_eq!(line("`*c*`"), json!([{ "type": "text", "text": "*c*", "code": true }]));
    let all = json!([
        { "type": "text", "text": "a " },
        { "type": "text", "text": "b ", "bold": true },
        { "type": "text", "text": "c", "bold": true, "italic": true },
        { "type": "text", "text": " d" },
    ]);
    assert_eq!(line("a *b _c_* d"), all);
    assert_eq!(
        line("(*b*),"),
        json!([
            { "type": "text", "text": "(" }, { "type": "text", "text": "b", "bold": true }, { "type": "text", "text": ")," },
        ])
    );
}

#[test]
fn marks_inside_words_and_across_lines_are_text() {
    for text in ["a*b*c", "a_b_c", "*a\nb*", "*a", "a*", "_ a _", "**", "****"] {
        assert_eq!(tree(text), json!([]), "{text:?}");
    }
}

#[test]
fn mentions_are_tokens_and_broadcasts_also_words() {
    assert_eq!(line(&format!("<@{ANN}>")), json!([{ "type": "user", "user": ANN }]));
    assert_eq!(line(&format!("<#{ANN}>")), json!([{ "type": "channel", "conversation": ANN }]));
    for text in ["<!channel>", "@channel", "@everyone", "<!everyone>"] {
        assert_eq!(line(text), json!([{ "type": "broadcast", "range": "channel" }]), "{text}");
    }
    for text in ["<!here>", "@here"] {
        assert_eq!(line(text), json!([{ "type": "broadcast", "range": "here" }]), "{text}");
    }
    assert_eq!(
        line("*@here*, all"),
        json!([
            { "type": "broadcast", "range": "here", "bold": true }, { "type": "text", "text": ", all" },
        ])
    );
    let upper = format!("<@{}>", ANN.to_uppercase());
    for text in
        ["ann@here.org", "@hereabouts", "@channel-4", "<@ann>", "<!all>", "<@>", "<#>", upper.as_str(), "@", "<@"]
    {
        assert_eq!(tree(text), json!([]), "{text:?}");
    }
}

#[test]
fn links_lead_to_the_web_or_to_a_mailbox() {
    assert_eq!(line("<https://x.org|the *x*>"), json!([{ "type": "link", "url": "https://x.org", "text": "the *x*" }]));
    assert_eq!(line("<mailto:a@x.org>"), json!([{ "type": "link", "url": "mailto:a@x.org" }]));
    let sentence = line("See https://x.org/a_b_c?q=1, (http://y.org).");
    assert_eq!(sentence[1], json!({ "type": "link", "url": "https://x.org/a_b_c?q=1" }));
    assert_eq!((&sentence[3]["url"], &sentence[4]["text"]), (&json!("http://y.org"), &json!(").")));
    assert_eq!(line("https://x.org/a_(b)")[0]["url"], "https://x.org/a_(b)");
    assert_eq!(line("*https://x.org*"), json!([{ "type": "link", "url": "https://x.org", "bold": true }]));
}

#[test]
fn no_text_makes_an_unsafe_link() {
    let attempts = [
        "<javascript:alert(1)|x>",
        "<JaVaScRiPt:alert(1)>",
        "javascript:alert(1)",
        "<data:text/html,<script>alert(1)</script>|x>",
        "<vbscript:x|y>",
        "<file:///etc/passwd|x>",
        "< https://x.org|x>",
        "<\thttps://x.org>",
        "<//evil.org|x>",
        "<https:|x>",
        "<https://|x>",
        "<https://x.org\"onmouseover=alert(1)|x>",
        "<https://x.org`|x>",
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "<a href=\"https://x.org\">x</a>",
        "<!channel|x>",
        "<http:\\\\x.org|x>",
        "<https://x .org|x>",
        "<mailto:|x>",
        "<intent://x|y>",
        "<blob:https://x.org|x>",
        "<|https://x.org>",
        "<svg/onload=alert(1)>",
    ];
    for text in attempts {
        for span in spans(&parse(text)) {
            // What is left of some is a web address as it was typed, which may be followed.
            let Element::Link { url, text: None } = &span.element else {
                assert!(matches!(span.element, Element::Text { .. }), "{text:?}: {span:?}");
                continue;
            };
            assert!(url == "https://x.org" || url == "https://x", "{text:?}: {url}");
        }
        assert_eq!(
            seen(&parse(text)),
            if parse(text).is_empty() { "" } else { text },
            "what is no link is shown as it is"
        );
    }
}

#[test]
fn emoji_have_names() {
    assert_eq!(line(":tada:"), json!([{ "type": "emoji", "name": "tada" }]));
    assert_eq!(
        line(":+1::skin-tone-2:"),
        json!([{ "type": "emoji", "name": "+1" }, { "type": "emoji", "name": "skin-tone-2" }])
    );
    assert_eq!(line(":100:"), json!([{ "type": "emoji", "name": "100" }]));
    for text in [":Tada:", ": tada:", "::", ":30:", "a:b:c", ":<b>:", &format!(":{}:", "x".repeat(65))] {
        assert_eq!(tree(text), json!([]), "{text:?}");
    }
}

#[test]
fn quotes_lists_and_code_are_blocks() {
    let text = "before\n> one\n> *two*\nbetween\n- a\n- b\n  - c\n3. x\n4. y\n```\nlet a = *b*;\n```\nafter";
    let expected = json!([
        { "type": "section", "spans": [{ "type": "text", "text": "before" }] },
        { "type": "quote", "spans": [{ "type": "text", "text": "one\n" }, { "type": "text", "text": "two", "bold": true }] },
        { "type": "section", "spans": [{ "type": "text", "text": "between" }] },
        { "type": "list", "ordered": false, "indent": 0, "items": [
            { "spans": [{ "type": "text", "text": "a" }] }, { "spans": [{ "type": "text", "text": "b" }] } ] },
        { "type": "list", "ordered": false, "indent": 1, "items": [{ "spans": [{ "type": "text", "text": "c" }] }] },
        { "type": "list", "ordered": true, "indent": 0, "start": 3, "items": [
            { "spans": [{ "type": "text", "text": "x" }] }, { "spans": [{ "type": "text", "text": "y" }] } ] },
        { "type": "preformatted", "text": "let a = *b*;" },
        { "type": "section", "spans": [{ "type": "text", "text": "after" }] },
    ]);
    assert_eq!(tree(text), expected);
    assert_eq!(tree("```x```"), json!([{ "type": "preformatted", "text": "x" }]));
    for text in ["``````", "```", "```\n\n```", ">x", "-x", "1.x", "12345. x", "- "] {
        let blocks = parse(text);
        assert!(blocks.iter().all(|block| matches!(block, Block::Section { .. })), "{text:?}: {blocks:?}");
    }
}

#[test]
fn a_list_is_indented_so_far_and_no_further() {
    let blocks = parse(&format!("{}- deep", " ".repeat(500)));
    assert!(matches!(blocks[..], [Block::List { indent: 8, .. }]), "{blocks:?}");
}

#[test]
fn a_text_means_so_much_and_the_rest_is_text() {
    let text = "*a* ".repeat(3_000);
    let blocks = parse(&text);
    assert!(spans(&blocks).count() <= MOST_MARKUP + 1, "{}", spans(&blocks).count());
    assert!(seen(&blocks).ends_with("*a* *a* "));
    for piece in [
        "*a* ",
        ":a: ",
        "- a\n",
        "- a\n1. b\n",
        "> a\nb\n",
        "```a```",
        "`a`",
        "<http://a>",
        "@here ",
        "\"*a*\"",
        "*🚀* ",
    ] {
        let text: String = piece.chars().cycle().take(12_000).collect();
        let bytes = serde_json::to_string(&parse(&text)).unwrap_or_default().len();
        assert!(bytes < 100_000, "{piece:?}: {bytes} bytes on the wire");
    }
}

#[test]
fn the_longest_nasty_texts_are_parsed_in_no_time() {
    let nasty = [
        "*",
        "_*~",
        "`",
        "``",
        "```",
        "<",
        "<<",
        "<@",
        "<h",
        ":",
        ":a",
        "h",
        "http://",
        "> ",
        "- ",
        "* *",
        "(",
        "@",
        "@h",
        "1. ",
        "\n",
        "<http://a|",
    ];
    for piece in nasty {
        for end in ["", "*", "`", ">", ":", "```"] {
            let text: String = piece.chars().cycle().take(12_000).chain(end.chars()).collect();
            let start = Instant::now();
            drop(parse(&text));
            assert!(start.elapsed() < Duration::from_secs(1), "{piece:?}…{end:?} took {:?}", start.elapsed());
        }
    }
}

/// Texts in which markup is likely.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        3 => "[ a-z0-9éß\u{1F600}]{1,6}",
        4 => prop::sample::select(vec![
            "*", "**", "_", "~", "`", "```", "> ", "- ", "* ", "1. ", "\n", "<", ">", "|", ":", "@here", "<!channel>", "http://a.b",
            "<https://a.b|c>", ":tada:", "<@018f0000-0000-7000-8000-000000000001>", "javascript:", "<javascript:x|", "\"", "(", ")", "\t",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat())
}

fn is_marking(c: char) -> bool {
    c.is_whitespace() || c.is_ascii_digit() || "*_~`>-•.<|:@!#".contains(c)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Nothing is invented, reordered or lost: what is seen stands in the text in this order, and what is not seen is
    /// marks and the tokens around what is.
    #[test]
    fn what_is_seen_stands_in_the_text(text in texts()) {
        let blocks = parse(&text);
        let mut source = text.chars();
        let tokens = spans(&blocks).any(|span| !matches!(span.element, Element::Text { .. }));
        for c in seen(&blocks).chars().filter(|c| *c != '\n') {
            let passed: String = source.by_ref().take_while(|s| *s != c).collect();
            prop_assert!(tokens || passed.chars().all(is_marking), "{passed:?} was lost before {c:?}");
            prop_assert!(source.as_str().len() < text.len(), "{c:?} was invented");
        }
        let left = source.as_str();
        prop_assert!(blocks.is_empty() || tokens || left.chars().all(is_marking), "{left:?} was lost");
    }

    #[test]
    fn every_link_is_safe_whatever_the_text(text in texts()) {
        for span in spans(&parse(&text)) {
            if let Element::Link { url, .. } = &span.element {
                let lower = url.to_ascii_lowercase();
                prop_assert!(["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme)), "{url}");
                prop_assert!(!url.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>`\\".contains(c)), "{url}");
            }
        }
    }

    #[test]
    fn a_tree_survives_the_wire_and_never_holds_empty_styles(text in texts()) {
        let blocks = parse(&text);
        let json = serde_json::to_string(&blocks).unwrap_or_default();
        prop_assert_eq!(serde_json::from_str::<Vec<Block>>(&json).ok(), Some(blocks.clone()));
        for span in spans(&blocks) {
            let empty = matches!(&span.element, Element::Text { text } if text.is_empty());
            prop_assert!(!empty || span.style == Style::default(), "{span:?}");
        }
    }

    #[test]
    fn any_text_at_all_is_parsed(text in any::<String>()) {
        drop(parse(&text));
    }
}
