//! Before the build: which languages there are. Each message file in `src/chat/sentences` is one, under its primary tag
//! (ISO 639: `en`, `fr`).

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const FOLDER: &str = "src/chat/sentences";

fn main() {
    println!("cargo::rerun-if-changed={FOLDER}");
    let mut tags: Vec<String> = fs::read_dir(FOLDER)
        .expect("the folder of the message files")
        .filter_map(|file| {
            let name = file.expect("a file").file_name().into_string().ok()?;
            Some(name.strip_suffix(".ftl")?.to_owned())
        })
        .collect();
    tags.sort_unstable();
    let mut text = "languages! {\n".to_owned();
    for tag in tags {
        let (first, rest) = tag.split_at(1);
        let is_tag = tag.len() <= 3 && tag.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(
            is_tag,
            "{FOLDER}/{tag}.ftl is to be called by its language alone, as en.ftl"
        );
        let variant = first.to_ascii_uppercase() + rest;
        writeln!(
            text,
            "    /// That of `{tag}.ftl`.\n    {variant} = {tag:?},"
        )
        .expect("a text");
    }
    text += "}\n";
    let out = env::var_os("OUT_DIR").expect("set by Cargo");
    fs::write(Path::new(&out).join("languages.rs"), text).expect("the list of the languages");
}
