#[path = "../tests/it/extract.rs"]
mod extract;
use std::{fs, path::Path};
use statistics::{register::Register, rules::StatisticsRules};
fn main() -> Result<(), extract::Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let world = Path::new(&args[0]);
    let rows = extract::rows(extract::records(&world.join("sources"))?, Path::new(&args[1]))?;
    let pack = fs::read_to_string(extract::workspace().join("packs/ru/statistics.toml"))?;
    let register = Register::build(rows, &StatisticsRules::parse(&pack)?)?;
    for p in register.persons() {
        let pres: Vec<_> = p.presences.iter().map(|x| serde_json::json!({"from":x.from.to_string(),"until":x.until.map(|d|d.to_string()),"entry":format!("{:?}",x.entry),"exit":format!("{:?}",x.exit),"places":x.places.iter().map(|q|(q.from.to_string(),q.region.to_string())).collect::<Vec<_>>() })).collect();
        println!("{}", serde_json::json!({"row":p.row,"presences":pres}));
    }
    Ok(())
}
