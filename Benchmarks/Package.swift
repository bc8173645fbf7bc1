// swift-tools-version: 6.2
import PackageDescription

// The tools of `scripts/bench` and `scripts/bench-guard`. They depend on nothing, on Assay neither: it is run as anyone runs it.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    targets: [
        .executableTarget(name: "make-data"),
        .executableTarget(name: "measure"),
        .executableTarget(name: "bench"),
    ]
)

for target in package.targets where target.name != "measure" {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
    ]
}
