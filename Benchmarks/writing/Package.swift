// swift-tools-version: 6.2
import PackageDescription

// What `scripts/bench --writing` runs: the room that writes Parquet files, without the others. The folders are links to those of
// the package above; what is said here of a target is said there too.
let package = Package(
    name: "writing",
    platforms: [.macOS(.v15)],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
        .systemLibrary(name: "CSnappy", pkgConfig: "snappy"),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4"),
        .systemLibrary(name: "CBrotli", pkgConfig: "libbrotlidec"),
        .target(name: "Tables"),
        .target(name: "Files", dependencies: ["Tables", "CZlib", "CZstd", "CSnappy", "CLZ4", "CBrotli"]),
        .target(name: "Parquet", dependencies: ["Tables", "Files"]),
        .executableTarget(name: "write-parquet", dependencies: ["Tables", "Files", "Parquet"]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
        .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
    ]
}
