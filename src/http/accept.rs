//! What a caller would rather have: `Accept` (RFC 9110 §12.5.1).

/// A picture that scales.
pub const SVG: &str = "image/svg+xml";

/// Whether a caller would rather have a media type than JSON, which everybody gets who does not say.
pub fn prefers(accept: &str, media_type: &str) -> bool {
    let wanted = quality(accept, media_type);
    wanted > 0.0 && wanted > quality(accept, "application/json")
}

/// How much a media type is wanted: by the range that names it most closely.
fn quality(accept: &str, media_type: &str) -> f32 {
    let family = media_type.split('/').next().unwrap_or_default();
    let ranges = accept.split(',').take(20).filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let range = parts.next()?.to_ascii_lowercase();
        let narrowness = match range.split_once('/') {
            _ if range == media_type => 2,
            Some((this, "*")) if this == family => 1,
            Some(("*", "*")) => 0,
            _ => return None,
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=")?.trim().parse::<f32>().ok()).unwrap_or(1.0);
        Some((narrowness, quality))
    });
    ranges.max_by_key(|(narrowness, _)| *narrowness).map_or(0.0, |(_, quality)| quality)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_for_those_who_ask_for_it() {
        for (accept, drawn) in [
            ("", false),
            ("*/*", false),
            ("application/json", false),
            ("image/svg+xml", true),
            ("image/svg+xml, application/json;q=0.5", true),
            ("image/svg+xml;q=0.5, application/json", false),
            ("image/avif,image/webp,image/*,*/*;q=0.8", true),
            ("text/html, */*;q=0.8", false),
            ("image/svg+xml;q=0", false),
            ("IMAGE/SVG+XML", true),
        ] {
            assert_eq!(prefers(accept, SVG), drawn, "{accept}");
        }
    }
}
