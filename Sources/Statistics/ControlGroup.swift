/// What control groups allow a process.
public enum ControlGroup {
    /// Bytes of memory that the process may use, the least of what its group and those above it allow; `nil` where none says so.
    ///
    /// `membership` is what `/proc/self/cgroup` holds, of version 2's one hierarchy or of version 1's that is for memory; `read` gives a file's text, or
    /// `nil` where there is none. Where the process doesn't see the groups above its own, as in a container, the nearest that it sees counts.
    public static func memoryLimit(membership: String, read: (_ path: String) -> String?) -> Int? {
        var limits: [Int] = []
        for line in membership.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let (root, file): (String, String)
            if parts[1].isEmpty {
                (root, file) = ("/sys/fs/cgroup", "memory.max")
            } else if parts[1].split(separator: ",").contains("memory") {
                (root, file) = ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            } else {
                continue
            }
            var steps = parts[2].split(separator: "/")
            while true {
                let folder = ([root] + steps.map(String.init)).joined(separator: "/")
                if let limit = read("\(folder)/\(file)").flatMap(number), limit > 0 { limits.append(limit) }
                guard steps.popLast() != nil else { break }
            }
        }
        return limits.min()
    }

    private static func number(_ text: String) -> Int? { Int(text.filter { !$0.isWhitespace }) }
}
