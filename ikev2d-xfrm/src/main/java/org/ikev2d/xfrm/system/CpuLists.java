package org.ikev2d.xfrm.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;

/** The kernel's own lists of CPUs, {@code 0-3,8-11}, which no affinity or quota falsifies. */
public final class CpuLists {
    private static final Path DIRECTORY = Path.of("/sys/devices/system/cpu");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?");

    private CpuLists() {}

    public static Cpus read() throws IOException {
        return read(DIRECTORY);
    }

    /**
     * XFRMA_SA_PCPU must be below the number of possible CPUs; where their numbers have holes, those beyond that bound
     * can have no state of their own and are left out.
     */
    static Cpus read(Path directory) throws IOException {
        int possible = parse(directory.resolve("possible")).size();
        return Cpus.of(parse(directory.resolve("online")).headSet(new CpuId(possible)), possible);
    }

    static SortedSet<CpuId> parse(Path file) throws IOException {
        String list = Files.readString(file).strip();
        SortedSet<CpuId> cpus = new TreeSet<>();
        for (String range : list.split(",", -1)) {
            Matcher bounds = RANGE.matcher(range);
            if (!bounds.matches()) {
                throw new IOException(file + ": \"" + list + "\" is no list of CPUs such as 0-3,8-11");
            }
            int first = Integer.parseInt(bounds.group(1));
            int last = bounds.group(2) == null ? first : Integer.parseInt(bounds.group(2));
            for (int number = first; number <= last; number++) {
                cpus.add(new CpuId(number));
            }
        }
        return cpus;
    }
}
