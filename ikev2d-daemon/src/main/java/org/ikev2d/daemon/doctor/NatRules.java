package org.ikev2d.daemon.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The chains of a rule set, as {@code nft list ruleset} prints it, that translate source addresses.
 *
 * @param careless those whose translating rule comes before any that spares packets bound for a tunnel
 */
record NatRules(List<Chain> careless) {
    private static final Pattern TABLE = Pattern.compile("table (\\S+ \\S+) \\{");
    private static final Pattern CHAIN = Pattern.compile("chain (\\S+) \\{");
    private static final Pattern TRANSLATES = Pattern.compile("\\b(masquerade|snat)\\b");

    /** {@code rt ipsec exists accept}, and iptables' {@code -m policy --pol ipsec --dir out -j ACCEPT} as nft shows it. */
    private static final Pattern SPARES = Pattern.compile("(\\bipsec\\b|match \"policy\").*\\b(accept|return)\\b");

    private static final Pattern SPARES_ITSELF = Pattern.compile("\\bipsec missing\\b");

    /**
     * A chain.
     *
     * @param table family and name
     * @param rule the one that translates
     */
    record Chain(String table, String name, String rule) {}

    static NatRules of(String ruleset) {
        List<Chain> careless = new ArrayList<>();
        String table = "";
        String chain = "";
        boolean spared = false;
        for (String line : ruleset.lines().map(String::strip).toList()) {
            Matcher tableHead = TABLE.matcher(line);
            Matcher chainHead = CHAIN.matcher(line);
            if (tableHead.matches()) {
                table = tableHead.group(1);
            } else if (chainHead.matches()) {
                chain = chainHead.group(1);
                spared = false;
            } else if (SPARES.matcher(line).find() && !TRANSLATES.matcher(line).find()) {
                spared = true;
            } else if (!spared
                    && TRANSLATES.matcher(line).find()
                    && !SPARES_ITSELF.matcher(line).find()) {
                careless.add(new Chain(table, chain, line));
                spared = true;
            }
        }
        return new NatRules(careless);
    }
}
