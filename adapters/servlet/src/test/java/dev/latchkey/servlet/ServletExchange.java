package dev.latchkey.servlet;

import dev.latchkey.Access;
import dev.latchkey.AuthResponse;
import dev.latchkey.VerifiedToken;
import dev.latchkey.testkit.Exchange;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A request of a servlet in the hands of the contract's handlers. */
record ServletExchange(HttpServletRequest request, HttpServletResponse response) implements Exchange {

    @Override
    public Optional<VerifiedToken> findToken() {
        return LatchkeyFilter.findToken(request);
    }

    @Override
    public VerifiedToken token() {
        return LatchkeyFilter.token(request);
    }

    @Override
    public String user() {
        return LatchkeyFilter.user(request, String.class);
    }

    @Override
    public String principal() {
        return request.getUserPrincipal() == null
                ? null
                : request.getUserPrincipal().getName();
    }

    @Override
    public Optional<VerifiedToken> check(Access access) {
        return LatchkeyFilter.check(request, access);
    }

    @Override
    public byte[] body() {
        try {
            return request.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String formField(String name) {
        return request.getParameter(name);
    }

    @Override
    public void cookie(String name, String value) {
        response.addCookie(new Cookie(name, value));
    }

    @Override
    public void header(String name, String value) {
        response.setHeader(name, value);
    }

    @Override
    public void text(String text) {
        try {
            response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void begin(String text) {
        text(text);
        try {
            response.flushBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void write(AuthResponse answer) {
        try {
            LatchkeyFilter.write(response, answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
