//! Has the program made anew when what it embeds has changed: assets and texts come in files that cargo does not know.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
    println!("cargo::rerun-if-changed=../../web/locales");
}
