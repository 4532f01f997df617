fn main() {
    let t = std::time::Instant::now();
    let r = inspector_report::read(std::env::args().nth(1).unwrap()).unwrap();
    eprintln!("{} rows {} problems {} MB {:?}", r.len(), r.problems().len(), r.memory() / 1000000, t.elapsed());
    for p in r.problems() {
        eprintln!("{p}");
    }
}
