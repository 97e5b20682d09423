// Input, a hash map (random numbers), files, arguments, a panic: what Rust's library asks of WASI.
use std::collections::HashMap;
use std::fs;
use std::io::Read;

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    let mut counts = HashMap::new();
    for word in input.split_whitespace() {
        *counts.entry(word).or_insert(0) += 1;
    }
    let mut sorted: Vec<_> = counts.into_iter().collect();
    sorted.sort();
    println!("{:?}", sorted);
    match fs::read_to_string("/sub/deep.txt") {
        Ok(text) => println!("deep {}", text),
        Err(error) => println!("no file {:?}", error.kind()),
    }
    if fs::read_to_string("/../etc/passwd").is_ok() {
        println!("LEAK");
    }
    println!("{:?}", std::env::args().skip(1).collect::<Vec<_>>());
    if input.contains("panic") {
        panic!("as asked");
    }
}
