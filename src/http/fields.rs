//! What somebody says of a resource, told once: as it is kept, as it is sent whole, and as it is changed.

/// Declares the fields of a resource that its writers fill in, and from them:
///
/// * a struct of these fields, to be embedded in the row (`#[diesel(embed)]`) and in the view (`#[serde(flatten)]`);
/// * the body of a change (RFC 7396), in which everything may be left out;
/// * the bodies in which a resource is sent whole, each with fields of its own besides.
///
/// `required` fields must be sent, `defaulted` ones have the value of a function when they are not, and `optional` ones
/// may be null, which a change empties them with.
#[macro_export]
macro_rules! fields {
    (
        $Fields:ident of $table:ident: $about:tt $told:tt
        $Patch:ident: $change:tt
        $($(#[$meta:meta])* pub struct $Whole:ident $own:tt)*
    ) => {
        $crate::fields!(@kept $Fields $table $about $told);
        $crate::fields!(@changed $Patch $Fields $change $told);
        $($crate::fields!(@whole [$(#[$meta])*] $Whole $Fields $own $told);)*
    };

    (@kept $Fields:ident $table:ident $about:tt {
        required { $($(#[doc = $rd:tt])* $(#[validate $rv:tt])? $(#[schema($($rs:tt)*)])? $r:ident: $rt:ty,)* }
        defaulted {
            $($(#[doc = $dd:tt])* $(#[validate $dv:tt])? $(#[schema($($ds:tt)*)])? $d:ident: $dt:ty = $default:tt,)*
        }
        optional { $($(#[doc = $od:tt])* $(#[validate $ov:tt])? $(#[schema($($os:tt)*)])? $o:ident: $ot:ty,)* }
    }) => {
        #[doc = $about]
        #[derive(
            Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema, diesel::Queryable, diesel::Selectable,
            diesel::Insertable, diesel::AsChangeset,
        )]
        #[diesel(table_name = $table, treat_none_as_default_value = false, treat_none_as_null = true)]
        pub struct $Fields {
            $($(#[doc = $rd])* $(#[schema($($rs)*)])? pub $r: $rt,)*
            $($(#[doc = $dd])* $(#[schema($($ds)*)])? pub $d: $dt,)*
            $($(#[doc = $od])* #[schema(required = true $(, $($os)*)?)] pub $o: Option<$ot>,)*
        }

        impl $Fields {
            /// The names of the fields that differ from what they were.
            pub fn differences(&self, before: &$Fields) -> Vec<&'static str> {
                let fields = [
                    $((stringify!($r), self.$r != before.$r),)*
                    $((stringify!($d), self.$d != before.$d),)*
                    $((stringify!($o), self.$o != before.$o),)*
                ];
                fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
            }
        }
    };

    (@changed $Patch:ident $Fields:ident $change:tt {
        required { $($(#[doc = $rd:tt])* $(#[validate $rv:tt])? $(#[schema($($rs:tt)*)])? $r:ident: $rt:ty,)* }
        defaulted {
            $($(#[doc = $dd:tt])* $(#[validate $dv:tt])? $(#[schema($($ds:tt)*)])? $d:ident: $dt:ty = $default:tt,)*
        }
        optional { $($(#[doc = $od:tt])* $(#[validate $ov:tt])? $(#[schema($($os:tt)*)])? $o:ident: $ot:ty,)* }
    }) => {
        #[doc = $change]
        #[derive(Debug, Clone, serde::Deserialize, validator::Validate, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $Patch {
            $(
                $(#[doc = $rd])*
                #[serde(default, deserialize_with = "crate::http::patch::value")]
                $(#[validate $rv])?
                #[schema(nullable = false $(, $($rs)*)?)]
                pub $r: Option<$rt>,
            )*
            $(
                $(#[doc = $dd])*
                #[serde(default, deserialize_with = "crate::http::patch::value")]
                $(#[validate $dv])?
                #[schema(nullable = false $(, $($ds)*)?)]
                pub $d: Option<$dt>,
            )*
            $(
                $(#[doc = $od])*
                #[serde(default, deserialize_with = "crate::http::patch::nullable")]
                $(#[validate $ov])?
                $(#[schema($($os)*)])?
                pub $o: Option<Option<$ot>>,
            )*
        }

        impl $Patch {
            /// What is said after the change of what was said before.
            pub fn applied_to(&self, before: &$Fields) -> $Fields {
                let (patch, before) = (self.clone(), before.clone());
                $Fields {
                    $($r: patch.$r.unwrap_or(before.$r),)*
                    $($d: patch.$d.unwrap_or(before.$d),)*
                    $($o: patch.$o.unwrap_or(before.$o),)*
                }
            }
        }
    };

    (@whole [$($meta:tt)*] $Whole:ident $Fields:ident {
        $($(#[$own_meta:meta])* pub $own:ident: $own_type:ty,)*
    } {
        required { $($(#[doc = $rd:tt])* $(#[validate $rv:tt])? $(#[schema($($rs:tt)*)])? $r:ident: $rt:ty,)* }
        defaulted {
            $($(#[doc = $dd:tt])* $(#[validate $dv:tt])? $(#[schema($($ds:tt)*)])? $d:ident: $dt:ty = $default:tt,)*
        }
        optional { $($(#[doc = $od:tt])* $(#[validate $ov:tt])? $(#[schema($($os:tt)*)])? $o:ident: $ot:ty,)* }
    }) => {
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, validator::Validate, utoipa::ToSchema)]
        $($meta)*
        #[serde(deny_unknown_fields)]
        pub struct $Whole {
            $($(#[$own_meta])* pub $own: $own_type,)*
            $($(#[doc = $rd])* $(#[validate $rv])? $(#[schema($($rs)*)])? pub $r: $rt,)*
            $($(#[doc = $dd])* #[serde(default = $default)] $(#[validate $dv])? $(#[schema($($ds)*)])? pub $d: $dt,)*
            $(
                $(#[doc = $od])*
                #[serde(default)]
                $(#[validate $ov])?
                #[schema(required = true $(, $($os)*)?)]
                pub $o: Option<$ot>,
            )*
        }

        impl $Whole {
            /// What it says.
            pub fn fields(&self) -> $Fields {
                let whole = self.clone();
                $Fields { $($r: whole.$r,)* $($d: whole.$d,)* $($o: whole.$o,)* }
            }

            /// One that says it.
            pub fn saying(fields: $Fields, $($own: $own_type),*) -> Self {
                $Whole { $($own,)* $($r: fields.$r,)* $($d: fields.$d,)* $($o: fields.$o,)* }
            }
        }
    };
}
