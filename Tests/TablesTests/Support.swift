import Tables

/// The bytes of a text, for readers of bytes.
func bytes<Result>(of text: String, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    Array(text.utf8).withUnsafeBytes { body($0) }
}
