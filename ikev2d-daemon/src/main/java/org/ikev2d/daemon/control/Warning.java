package org.ikev2d.daemon.control;

/**
 * What an operator should act on before it hurts.
 *
 * @param code stable, for machines
 * @param text one sentence
 */
public record Warning(String code, String text) {}
