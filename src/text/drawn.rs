//! Text within a picture: how wide it is, how it breaks into lines, how XML holds it. Pure.

/// How wide a text of a size is at most: the fonts are those of whoever looks.
pub fn width(text: &str, size: f64) -> f64 {
    let letter = |letter: char| match letter {
        ' ' | '!' | '\'' | '(' | ')' | ',' | '-' | '.' | '/' | ':' | 'I' | 'f' | 'i' | 'j' | 'l' | 'r' | 't' => 0.43,
        '%' | '@' | 'M' | 'W' | 'm' | 'w' | 'Æ' | 'æ' | '\u{250}'.. => 1.05,
        _ if letter.is_uppercase() => 0.79,
        _ => 0.65,
    };
    text.chars().map(letter).sum::<f64>() * size
}

/// A text in lines that fit; the last there may be ends with an ellipsis when the text goes on.
pub fn wrap(text: &str, most: usize, size: f64, room: f64) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    let (mut lines, mut rest) = (Vec::new(), text.as_str());
    while width(rest, size) > room && lines.len() < most {
        let heads = rest.char_indices().skip(1).filter_map(|(end, _)| rest.split_at_checked(end));
        let (head, tail) = heads.take_while(|(head, _)| width(head, size) + size <= room).last().unwrap_or(("", ""));
        let line = head.rsplit_once(' ').map_or(head, |(words, _)| if tail.starts_with(' ') { head } else { words });
        rest = rest.strip_prefix(line).unwrap_or_default().trim_start();
        lines.push(if lines.len() + 1 < most { line.to_owned() } else { format!("{line}…") });
    }
    lines.extend((lines.len() < most && !rest.is_empty()).then(|| rest.to_owned()));
    lines
}

/// A text as XML holds it, within elements and attributes alike, without what XML cannot hold.
pub fn escape(text: &str) -> String {
    let letter = |letter: char| match letter {
        '&' | '<' | '>' | '"' | '\'' => format!("&#{};", u32::from(letter)),
        _ if letter.is_whitespace() => " ".to_owned(),
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => String::new(),
        _ => letter.to_string(),
    };
    text.chars().map(letter).collect()
}
