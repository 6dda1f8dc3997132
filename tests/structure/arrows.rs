//! Which file imports which: by `use`, and by a path written out, also inside macros and inline modules.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// From each file to those that it imports.
pub type Arrows = BTreeMap<String, BTreeSet<String>>;

/// The names of a path, from the crate's root.
type Names = Vec<String>;

/// Reads the arrows off the sources.
pub fn of(sources: &BTreeMap<String, String>) -> Arrows {
    let modules: BTreeMap<Names, &str> = sources.keys().map(|file| (module_of(file), file.as_str())).collect();
    let arrows = sources.iter().map(|(file, source)| {
        let tokens = TokenStream::from_str(source).unwrap_or_else(|error| panic!("{file}: {error}"));
        let mut reader = Reader { module: module_of(file), inline: 0, found: Vec::new() };
        reader.read(&tokens.into_iter().collect::<Vec<_>>());
        let targets = reader.found.iter().filter_map(|names| target(names, &modules));
        (file.clone(), targets.filter(|target| target != file && target != "lib.rs").collect())
    });
    arrows.collect()
}

/// The module that a file is.
fn module_of(file: &str) -> Names {
    let mut names: Names = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if names.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
        names.pop();
    }
    names
}

/// The file of the innermost module of a path.
fn target(names: &[String], modules: &BTreeMap<Names, &str>) -> Option<String> {
    (1..=names.len()).rev().find_map(|length| modules.get(&names[..length]).map(|file| (*file).to_owned()))
}

struct Reader {
    module: Names,
    /// How many inline modules stand around the place that is read.
    inline: usize,
    found: Vec<Names>,
}

impl Reader {
    fn read(&mut self, tokens: &[TokenTree]) {
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Ident(word) if word == "use" => {
                    let end = (at..tokens.len()).find(|end| is(&tokens[*end], ';')).unwrap_or(tokens.len());
                    self.tree(&tokens[at + 1..end], Vec::new());
                    at = end;
                }
                TokenTree::Ident(word) if word == "mod" && is_block(tokens.get(at + 2)) => {
                    let TokenTree::Group(body) = &tokens[at + 2] else { unreachable!("it is a block") };
                    self.inline += 1;
                    self.read(&body.stream().into_iter().collect::<Vec<_>>());
                    self.inline -= 1;
                    at += 2;
                }
                // What a macro names with `$crate` is imported where it is used, not where it is written.
                TokenTree::Ident(_) if !follows_path(tokens, at) && !follows_dollar(tokens, at) => {
                    let (names, end) = path(tokens, at);
                    if names.len() > 1 {
                        self.keep(&names);
                    }
                    at = end - 1;
                }
                TokenTree::Group(group) => self.read(&group.stream().into_iter().collect::<Vec<_>>()),
                _ => {}
            }
            at += 1;
        }
    }

    /// The leaves of a tree of imports.
    fn tree(&mut self, tokens: &[TokenTree], before: Names) {
        let (mut names, mut at) = (before.clone(), 0);
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Ident(word) if word == "as" => at += 1,
                TokenTree::Ident(word) => names.push(word.to_string()),
                TokenTree::Group(group) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    for part in inner.split(|token| is(token, ',')).filter(|part| !part.is_empty()) {
                        self.tree(part, names.clone());
                    }
                    return;
                }
                _ => {}
            }
            at += 1;
        }
        if names.len() > 1 && names.last().is_some_and(|last| last == "self") {
            names.pop();
        }
        self.keep(&names);
    }

    /// Keeps a path that begins in this crate, from the crate's root.
    fn keep(&mut self, names: &[String]) {
        let Some((first, rest)) = names.split_first() else { return };
        let from_root = match first.as_str() {
            "crate" => rest.to_vec(),
            "self" => [self.module.clone(), rest.to_vec()].concat(),
            "super" => {
                let up = names.iter().take_while(|name| *name == "super").count();
                let kept = self.module.len().saturating_sub(up.saturating_sub(self.inline));
                [self.module[..kept].to_vec(), names[up..].to_vec()].concat()
            }
            _ => [self.module.clone(), names.to_vec()].concat(),
        };
        self.found.push(from_root);
    }
}

fn is(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

fn is_block(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
}

/// Whether a word stands behind a `$`.
fn follows_dollar(tokens: &[TokenTree], at: usize) -> bool {
    at > 0 && is(&tokens[at - 1], '$')
}

/// Whether the word at a place goes on with a path that began before it.
fn follows_path(tokens: &[TokenTree], at: usize) -> bool {
    at >= 2 && is(&tokens[at - 1], ':') && is(&tokens[at - 2], ':')
}

/// The names of the path that begins at a place, and where it ends.
fn path(tokens: &[TokenTree], mut at: usize) -> (Names, usize) {
    let mut names = Vec::new();
    while let Some(TokenTree::Ident(word)) = tokens.get(at) {
        names.push(word.to_string());
        at += 1;
        let goes_on =
            tokens.get(at).is_some_and(|one| is(one, ':')) && tokens.get(at + 1).is_some_and(|one| is(one, ':'));
        if !goes_on {
            break;
        }
        at += 2;
    }
    (names, at)
}

/// The circles: files of which each reaches each.
pub fn circles(arrows: &Arrows) -> Vec<Vec<String>> {
    let reach: BTreeMap<&String, BTreeSet<&String>> = arrows.keys().map(|file| (file, reached(arrows, file))).collect();
    let mut found: Vec<Vec<String>> = Vec::new();
    for (file, reached) in &reach {
        if !reached.contains(file) || found.iter().any(|circle| circle.contains(file)) {
            continue;
        }
        let circle = reached.iter().filter(|other| reach[*other].contains(file));
        found.push(circle.map(|other| (*other).clone()).collect());
    }
    found
}

fn reached<'a>(arrows: &'a Arrows, from: &str) -> BTreeSet<&'a String> {
    let (mut seen, mut left) = (BTreeSet::new(), vec![from]);
    while let Some(file) = left.pop() {
        for next in arrows.get(file).into_iter().flatten() {
            if seen.insert(next) {
                left.push(next);
            }
        }
    }
    seen
}
