import Statistics
import Testing

@Suite struct ControlGroupTests {
    private func limit(_ membership: String, _ files: [String: String]) -> Int? {
        ControlGroup.memoryLimit(membership: membership) { files[$0] }
    }

    @Test func theLeastOfAllGroupsAboveCounts() {
        let files = [
            "/sys/fs/cgroup/system.slice/assay.service/memory.max": "max\n",
            "/sys/fs/cgroup/system.slice/memory.max": "536870912\n", "/sys/fs/cgroup/memory.max": "1073741824\n",
        ]
        #expect(limit("0::/system.slice/assay.service\n", files) == 536_870_912)
        #expect(limit("0::/user.slice\n", files) == 1_073_741_824)
    }

    @Test func aContainerSeesItsOwn() {
        #expect(limit("0::/\n", ["/sys/fs/cgroup/memory.max": "268435456\n"]) == 268_435_456)
        #expect(limit("0::/../other\n", ["/sys/fs/cgroup/memory.max": "268435456\n"]) == 268_435_456)
    }

    @Test func versionOneHasAHierarchyForMemory() {
        let files = ["/sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes": "1000000\n"]
        #expect(limit("5:cpu,cpuacct:/docker/a\n4:hugetlb,memory:/docker/a\n0::/docker/a\n", files) == 1_000_000)
    }

    @Test(arguments: ["", "nonsense", "0::/a", "3:cpu:/a"]) func whoSaysNothingLimitsNothing(_ membership: String) {
        #expect(limit(membership, ["/sys/fs/cgroup/a/memory.max": "max\n"]) == nil)
    }
}
