package org.ikev2d.core.world;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Answers "which of n?" so that in repeated runs every combination of answers is given once. Of more than {@code depth}
 * questions in a run, the later ones are answered with the first.
 */
public final class Choices {
    private final int depth;
    private final List<Integer> planned;
    private final List<Integer> given = new ArrayList<>();
    private final List<Integer> alternatives = new ArrayList<>();

    private Choices(int depth, List<Integer> planned) {
        this.depth = depth;
        this.planned = planned;
    }

    /**
     * Runs {@code plot} once for every combination of answers.
     *
     * @return how many runs there were
     */
    public static int each(int depth, Consumer<Choices> plot) {
        List<Integer> plan = List.of();
        int runs = 0;
        while (true) {
            Choices choices = new Choices(depth, plan);
            plot.accept(choices);
            runs++;
            int turn = choices.given.size() - 1;
            while (turn >= 0 && choices.given.get(turn) + 1 >= choices.alternatives.get(turn)) {
                turn--;
            }
            if (turn < 0) {
                return runs;
            }
            plan = new ArrayList<>(choices.given.subList(0, turn));
            plan.add(choices.given.get(turn) + 1);
        }
    }

    /** 0 to {@code count} - 1. */
    public int among(int count) {
        if (count == 1 || given.size() >= depth) {
            return 0;
        }
        int turn = given.size();
        int answer = turn < planned.size() ? planned.get(turn) : 0;
        given.add(answer);
        alternatives.add(count);
        return answer;
    }

    @Override
    public String toString() {
        return "choices " + given;
    }
}
