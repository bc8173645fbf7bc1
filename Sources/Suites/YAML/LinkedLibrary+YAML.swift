import CLibYAML
public import Tables

extension LinkedLibrary {
    /// What reads suites and project files.
    public static var yaml: LinkedLibrary {
        LinkedLibrary(name: "libyaml", version: String(cString: yaml_get_version_string()))
    }
}
