// Finds the module names of `import`, `export ... from`, `import()` and `require()` in JavaScript and TypeScript. It reads words
// and strings, skips comments and template texts, and does not parse: a name computed at run time is not found.

/// The relative module names in the text (`./a`, `../b`), in order.
pub fn relative_imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
    let mut before = Token::Other;
    let mut earlier = Token::Other;
    while let Some(token) = scanner.token() {
        if let Token::Text(name) = &token {
            let names_module = match (&earlier, &before) {
                (_, Token::Word(word)) => word == "from" || word == "import",
                (Token::Word(word), Token::Open) => word == "import" || word == "require",
                _ => false,
            };
            if names_module && (name.starts_with("./") || name.starts_with("../")) {
                found.push(name.clone());
            }
        }
        earlier = std::mem::replace(&mut before, token);
    }
    found
}

enum Token {
    Word(String),
    Text(String),
    Open,
    Other,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn token(&mut self) -> Option<Token> {
        self.skip_space_and_comments();
        let byte = *self.bytes.get(self.at)?;
        if is_word(byte) {
            return Some(self.word());
        }
        self.at += 1;
        Some(match byte {
            b'"' | b'\'' => self.text(byte),
            b'`' => self.template(),
            b'(' => Token::Open,
            _ => Token::Other,
        })
    }

    fn starts(&self, text: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(text)
    }

    fn skip_space_and_comments(&mut self) {
        loop {
            if self.starts(b"//") {
                self.skip_until(b"\n");
            } else if self.starts(b"/*") {
                self.at += 2;
                self.skip_until(b"*/");
            } else if self.bytes.get(self.at).map_or(false, |byte| byte.is_ascii_whitespace()) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    fn skip_until(&mut self, end: &[u8]) {
        while self.at < self.bytes.len() && !self.starts(end) {
            self.at += 1;
        }
        self.at = (self.at + end.len()).min(self.bytes.len());
    }

    fn word(&mut self) -> Token {
        let from = self.at;
        while self.bytes.get(self.at).map_or(false, |&byte| is_word(byte)) {
            self.at += 1;
        }
        Token::Word(String::from_utf8_lossy(&self.bytes[from..self.at]).into_owned())
    }

    /// A string on one line. One with an escape is no module name anybody writes.
    fn text(&mut self, quote: u8) -> Token {
        let from = self.at;
        let mut plain = true;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => {
                    plain = false;
                    self.at = (self.at + 1).min(self.bytes.len());
                }
                b'\n' => return Token::Other,
                _ if byte == quote => {
                    let inner = &self.bytes[from..self.at - 1];
                    return if plain { Token::Text(String::from_utf8_lossy(inner).into_owned()) } else { Token::Other };
                }
                _ => {}
            }
        }
        Token::Other
    }

    fn template(&mut self) -> Token {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at = (self.at + 1).min(self.bytes.len()),
                b'`' => break,
                _ => {}
            }
        }
        Token::Other
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}
