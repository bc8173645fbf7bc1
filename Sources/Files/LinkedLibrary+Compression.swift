import CBrotli
import CLZ4
import CZlib
import CZstd
public import Tables

extension LinkedLibrary {
    /// What packs and unpacks files.
    public static var compression: [LinkedLibrary] {
        let brotli = BrotliDecoderVersion()
        return [
            LinkedLibrary(name: "zlib", version: String(cString: zlibVersion())),
            LinkedLibrary(name: "zstd", version: String(cString: ZSTD_versionString())),
            LinkedLibrary(name: "lz4", version: String(cString: LZ4_versionString())),
            // There is no way to ask it for its version.
            LinkedLibrary(name: "snappy", version: "of a version that it doesn't tell"),
            LinkedLibrary(
                name: "brotli", version: "\(brotli >> 24).\((brotli >> 12) & 0xFFF).\(brotli & 0xFFF)"),
        ]
    }
}
