//! The parameters that several operations take stand once.

use std::collections::BTreeMap;

use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{OpenApi, Ref, RefOr, Required};

use super::{examples, walk};

/// Moves what operations share to the components, and says what a path may be.
pub(super) fn share(api: &mut OpenApi) {
    let mut known: Vec<(String, Parameter, usize)> = Vec::new();
    for (path, _, operation) in walk::operations(api) {
        for parameter in walk::parameters(operation) {
            finish(path, parameter);
            let name = name_of(path, parameter);
            match known.iter_mut().find(|(_, one, _)| one == parameter) {
                Some((_, _, times)) => *times += 1,
                None => known.push((name, parameter.clone(), 1)),
            }
        }
    }
    known.retain(|(_, _, times)| *times > 1);
    for (_, _, operation) in walk::operations(api) {
        for parameter in operation.parameters.iter_mut().flatten() {
            let shared = known.iter().find(|(_, one, _)| matches!(parameter, RefOr::T(own) if own == one));
            if let Some((name, ..)) = shared {
                *parameter = RefOr::Ref(Ref::new(format!("#/components/parameters/{name}")));
            }
        }
    }
    let components = api.components.get_or_insert_default();
    let shared: BTreeMap<String, RefOr<Parameter>> =
        known.into_iter().map(|(name, parameter, _)| (name, RefOr::T(parameter))).collect();
    components.parameters = shared;
}

/// A part of a path shows what it is in the demonstration. Nothing that may be left out is filled in: the documentation
/// page would send it along, and a filter that nobody chose finds nothing. Its example stands in the description.
fn finish(path: &str, parameter: &mut Parameter) {
    let mut own = std::mem::take(parameter);
    let is_optional = own.required == Required::False;
    if let Some(example) = example_of(&own).filter(|_| is_optional) {
        let description = own.description.take().unwrap_or_default();
        own.description = Some(format!("{description} For example `{example}`."));
    }
    let shown = match own.parameter_in {
        ParameterIn::Path => examples::of_path(&name_of(path, &own)),
        _ => None,
    };
    let builder = ParameterBuilder::from(own);
    *parameter = if shown.is_some() || is_optional { builder.example(shown).build() } else { builder.build() };
}

/// The example of a parameter, which only its written form tells.
fn example_of(parameter: &Parameter) -> Option<String> {
    let written = serde_json::to_value(parameter).ok()?;
    let example = written.get("example")?;
    Some(example.as_str().map_or_else(|| example.to_string(), str::to_owned))
}

/// The name of a shared parameter: a part of a path after the resource that it names.
fn name_of(path: &str, parameter: &Parameter) -> String {
    let name = parameter.name.as_str();
    if parameter.parameter_in == ParameterIn::Header && name == "If-Match" {
        return if parameter.required == Required::True { name.to_owned() } else { format!("{name}-optional") };
    }
    if parameter.parameter_in != ParameterIn::Path {
        return name.to_owned();
    }
    let resource = path.split('/').take_while(|part| *part != format!("{{{name}}}")).last().unwrap_or_default();
    let resource = match resource {
        "people" => "person".to_owned(),
        plural => plural.trim_end_matches('s').replace('-', "_"),
    };
    if name.starts_with(&resource) { name.to_owned() } else { format!("{resource}_{name}") }
}
