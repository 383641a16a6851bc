package org.ikev2d.xfrm.userspace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuestionsTest {
    private static final long SECOND = 1_000_000_000L;

    private final Questions questions = new Questions(2);

    @Test
    void aQuestionIsAskedOnceUntilItIsAnswered() {
        assertThat(questions.askFor(0, 5)).isTrue();
        assertThat(questions.askFor(0, 6)).isFalse();
        assertThat(questions.askFor(1, 6)).as("another queue's").isTrue();
        assertThat(questions.askForAny(6)).as("that for any SA").isTrue();
        questions.answered(0);
        assertThat(questions.askFor(0, 7)).isTrue();
        assertThat(questions.askFor(1, 7)).isFalse();
        questions.answered();
        assertThat(questions.askForAny(8)).isTrue();
        assertThat(questions.askFor(1, 8)).isFalse();
    }

    @Test
    void oneThatNobodyAnswersIsAskedAgainAfterHalfAMinute() {
        assertThat(questions.askFor(0, 0)).isTrue();
        assertThat(questions.askFor(0, 30 * SECOND - 1)).isFalse();
        assertThat(questions.askFor(0, 31 * SECOND)).isTrue();
        assertThat(questions.askFor(0, 32 * SECOND)).isFalse();
    }

    @Test
    void aClockThatIsBelowZeroIsAsGood() {
        long now = -100 * SECOND;
        assertThat(questions.askForAny(now)).isTrue();
        assertThat(questions.askForAny(now + SECOND)).isFalse();
        assertThat(questions.askForAny(now + 31 * SECOND)).isTrue();
    }
}
