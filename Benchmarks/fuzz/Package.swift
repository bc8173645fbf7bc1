// swift-tools-version: 6.2
import PackageDescription

// The rooms that read bytes and judge what they read, with their tests and without the others, so that `scripts/fuzz` can build
// them for release in a few minutes. The folders are links to those of the package above; what is said here of a target is said there too.
let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    targets: [
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1"),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
        .systemLibrary(name: "CSnappy", pkgConfig: "snappy"),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4"),
        .systemLibrary(name: "CBrotli", pkgConfig: "libbrotlidec"),
        .target(name: "Tables"),
        .target(name: "Expressions", dependencies: ["Tables", "CPCRE2"]),
        .target(name: "Statistics", dependencies: ["Tables"]),
        .target(name: "Expectations", dependencies: ["Tables", "Expressions", "Statistics"]),
        .target(name: "Schedules", dependencies: ["Tables"]),
        .target(name: "Suites", dependencies: ["Tables", "Expressions", "Expectations", "Schedules", "CLibYAML"]),
        .target(name: "CScan"),
        .target(name: "Files", dependencies: ["Tables", "CZlib", "CZstd", "CSnappy", "CLZ4", "CBrotli"]),
        .target(name: "Parquet", dependencies: ["Tables", "Files"]),
        .target(name: "Delta", dependencies: ["Tables", "Files", "Parquet"]),
        .target(name: "Scan", dependencies: ["Tables", "Expressions", "Statistics", "Expectations"]),
        .target(name: "Formats", dependencies: ["Tables", "Files", "Parquet", "CScan"]),
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "TablesTests", dependencies: ["TestSupport", "Tables"]),
        .testTarget(name: "ExpressionsTests", dependencies: ["TestSupport", "Expressions", "Tables"]),
        .testTarget(
            name: "ParquetTests", dependencies: ["TestSupport", "Parquet", "Files", "Tables"],
            exclude: ["Peers/tables.py", "Peers/read_with_peers.py", "Peers/spark_round_trip.py"]),
        .testTarget(name: "DeltaTests", dependencies: ["TestSupport", "Delta", "Parquet", "Files", "Tables"]),
        .testTarget(
            name: "ScanTests",
            dependencies: [
                "TestSupport", "Scan", "Tables", "Expressions", "Statistics", "Expectations", "Suites", "Files",
                "Formats", "Parquet",
                "Delta",
            ]),
        .testTarget(
            name: "FormatsTests",
            dependencies: ["TestSupport", "Formats", "Files", "Tables", "CScan", "CZlib", "CZstd"]),
    ]
)

for target in package.targets where target.type != .system && target.name != "CScan" {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
        .unsafeFlags(["-enable-testing"], .when(configuration: .release)),
    ]
}
