package org.ikev2d.daemon.control;

import org.ikev2d.daemon.control.Request.Operation;

/**
 * An operator's change, for the log.
 *
 * @param operation anything but a look
 * @param tunnel its name, empty where none is concerned
 * @param keep for {@link Operation#STOP} only
 */
public record Change(Operation operation, String tunnel, boolean keep, Peer by) {}
