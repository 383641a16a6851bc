package org.ikev2d.xfrm.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ikev2d.xfrm.netlink.ScriptedPort.acknowledges;
import static org.ikev2d.xfrm.netlink.ScriptedPort.fails;
import static org.ikev2d.xfrm.netlink.ScriptedPort.message;
import static org.ikev2d.xfrm.netlink.ScriptedPort.stale;
import static org.ikev2d.xfrm.netlink.ScriptedPort.together;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ikev2d.core.bytes.DecodeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private static final int TYPE = 16;
    private static final int DONE = NetlinkHeader.NLMSG_DONE;
    private static final int MULTI = 2;

    private final ScriptedPort kernel = new ScriptedPort();
    private final Conversation conversation = new Conversation(kernel);

    @AfterEach
    void nothingIsLeftInAnyBuffer() {
        for (ByteBuffer each : kernel.buffers) {
            ByteBuffer buffer = each.duplicate().clear();
            for (int i = 0; i < buffer.capacity(); i++) {
                assertThat(buffer.get(i)).as("octet %d", i).isZero();
            }
        }
    }

    @Test
    void aChangeAsksForAnAcknowledgementAndBearsOurPort() throws Exception {
        kernel.answer(acknowledges(0, "", 0));
        conversation.change(TYPE, out -> out.u32(1));
        assertThat(kernel.requests).containsExactly(new NetlinkHeader(20, TYPE, 5, 1, 4711));
    }

    @Test
    void aRefusalHasTheKernelsTextAndOffset() {
        kernel.answer(acknowledges(22, "Invalid attribute SA_PCPU", 44));
        assertThatThrownBy(() -> conversation.change(TYPE, out -> {}))
                .isInstanceOfSatisfying(NetlinkException.class, e -> {
                    assertThat(e.errno()).isEqualTo(22);
                    assertThat(e.isRefusal()).isTrue();
                })
                .hasMessage("Invalid attribute SA_PCPU (EINVAL), attribute at octet 44 of the request");
    }

    @Test
    void aRefusalWithoutWordsIsNamedByItsErrno() {
        kernel.answer(acknowledges(3, "", 0)).answer(acknowledges(133, "", 0));
        assertThatThrownBy(() -> conversation.change(TYPE, out -> {})).hasMessage("not found (ESRCH)");
        assertThatThrownBy(() -> conversation.change(TYPE, out -> {})).hasMessage("errno 133");
    }

    @Test
    void anAnswerThatComesTooLateIsNotTakenForTheNext() throws Exception {
        kernel.answer(fails(Errno.EAGAIN))
                .answer(
                        stale(acknowledges(17, "late", 0)),
                        together(stale(message(TYPE, 0, 1)), acknowledges(0, "", 0)));
        assertRefused(() -> conversation.change(TYPE, out -> {}), Errno.EAGAIN, "no answer in time");
        conversation.change(TYPE, out -> {});
    }

    @Test
    void aLostAnswerToAChangeLeavesItOpen() {
        kernel.answer(fails(Errno.ENOBUFS));
        assertRefused(() -> conversation.change(TYPE, out -> {}), Errno.ENOBUFS, "the change may have been made");
        assertThat(kernel.requests).hasSize(1);
    }

    @Test
    void aLostAnswerToAQuestionIsAskedForAgain() throws Exception {
        kernel.answer(fails(Errno.ENOBUFS)).answer(message(TYPE, 0, 77));
        assertThat(value()).isEqualTo(77);
        assertThat(kernel.requests).extracting(NetlinkHeader::sequence).containsExactly(1, 2);
    }

    @Test
    void questionsAreNotAskedForEver() {
        for (int i = 0; i < 5; i++) {
            kernel.answer(fails(Errno.ENOBUFS));
        }
        assertRefused(this::value, Errno.ENOBUFS, "no buffer space");
        assertThat(kernel.requests).hasSize(5);
    }

    @Test
    void successWithoutTheThingAskedForIsNoAnswer() {
        kernel.answer(acknowledges(0, "", 0));
        assertThatThrownBy(this::value).hasMessageContaining("success without the thing asked for");
    }

    @Test
    void aDumpTakesAllDatagramsUpToItsEnd() throws Exception {
        kernel.answer(
                together(message(TYPE, MULTI, 1), stale(message(TYPE, MULTI, 9)), message(TYPE, MULTI, 2)),
                message(TYPE, MULTI, 3),
                together(message(TYPE, MULTI, 4), message(DONE, MULTI, 0)));
        assertThat(dump()).containsExactly(1, 2, 3, 4);
        assertThat(kernel.requests.get(0).flags()).isEqualTo(0x301);
    }

    @Test
    void aDumpThatChangedMeanwhileIsReadAgain() throws Exception {
        kernel.answer(message(TYPE, MULTI, 1), message(DONE, MULTI | NetlinkHeader.NLM_F_DUMP_INTR, 0))
                .answer(message(TYPE, MULTI | NetlinkHeader.NLM_F_DUMP_INTR, 1), message(DONE, MULTI, 0))
                .answer(message(TYPE, MULTI, 2), message(DONE, MULTI, 0));
        assertThat(dump()).containsExactly(2);
    }

    @Test
    void aDumpThatAlwaysChangesIsGivenUp() {
        for (int i = 0; i < 5; i++) {
            kernel.answer(message(DONE, MULTI | NetlinkHeader.NLM_F_DUMP_INTR, 0));
        }
        assertThatThrownBy(this::dump).hasMessageContaining("changed during each of 5 readings");
    }

    @Test
    void aDumpWithLostPartsIsReadToItsEndAndThenAgain() throws Exception {
        kernel.answer(message(TYPE, MULTI, 1), fails(Errno.ENOBUFS), message(DONE, MULTI, 0))
                .answer(message(TYPE, MULTI, 2), message(DONE, MULTI, 0));
        assertThat(dump()).containsExactly(2);
    }

    @Test
    void aDumpMayEndInAnError() {
        kernel.answer(message(TYPE, MULTI, 1), message(DONE, MULTI, -12)).answer(acknowledges(1, "", 0));
        assertRefused(this::dump, Errno.ENOMEM, "out of memory");
        assertRefused(this::dump, Errno.EPERM, "not permitted");
    }

    @Test
    void anUnreadableEntryFailsTheDumpOnlyAtItsEnd() throws Exception {
        kernel.answer(message(TYPE, MULTI, 1), message(TYPE, MULTI, 2), message(DONE, MULTI, 0))
                .answer(acknowledges(0, "", 0));
        assertThatThrownBy(() -> conversation.dump(TYPE, out -> {}, message -> {
                    message.body().u64("too much");
                    return Optional.empty();
                }))
                .isInstanceOf(NetlinkException.class)
                .hasMessageContaining("cannot be read")
                .hasMessageContaining("too much");
        conversation.change(TYPE, out -> {});
    }

    @Test
    void lengthsThatLieAreAClearError() {
        for (int length : new int[] {0, 15, 21, -1, Integer.MAX_VALUE}) {
            kernel.answer((datagram, sequence) -> {
                message(TYPE, 0, 5).into(datagram, sequence);
                datagram.putInt(0, length);
            });
            assertThatThrownBy(this::value).isInstanceOf(NetlinkException.class).hasMessageContaining("nlmsg_len");
        }
    }

    @Test
    void aRequestThatCannotBeWrittenLeavesNothingEither() {
        assertThatThrownBy(() -> conversation.change(TYPE, out -> {
                    out.octets(new byte[] {1, 2, 3});
                    throw new IllegalArgumentException("no such thing");
                }))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closingClosesTheSocket() {
        conversation.close();
        assertThat(kernel.closed).isTrue();
    }

    private int value() throws NetlinkException {
        return conversation.query(TYPE, out -> {}, ConversationTest::read);
    }

    private List<Integer> dump() throws NetlinkException {
        return conversation.dump(TYPE, out -> {}, message -> Optional.of(read(message)));
    }

    private static int read(NetlinkMessage message) throws DecodeException {
        return message.body().u32("value");
    }

    private static void assertRefused(ThrowingCallable call, Errno errno, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NetlinkException.class, e -> assertThat(e.is(errno)).isTrue())
                .hasMessageContaining(text);
    }
}
