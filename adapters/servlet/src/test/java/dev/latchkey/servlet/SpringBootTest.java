package dev.latchkey.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.Access;
import dev.latchkey.Grant;
import dev.latchkey.JwtKey;
import dev.latchkey.Latchkey;
import dev.latchkey.testkit.AdapterContract.App;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.security.Principal;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

/** The recipe of docs/adapters.md for Spring Boot, in an application that boots. */
class SpringBootTest {

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        // region adapters spring boot
        @Bean
        Latchkey auth() {
            return Latchkey.builder().issuer("notes").key(JwtKey.generate()).build();
        }

        @Bean
        FilterRegistrationBean<LatchkeyFilter> latchkey(Latchkey auth) {
            var filter = LatchkeyFilter.of(auth).open("/health").require("/admin/*", Access.role("admin"));
            var registration = new FilterRegistrationBean<>(filter);
            registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
            registration.setOrder(0); // before filters that have no order of their own
            return registration;
        }
        // endregion

        // region adapters spring cors
        @Bean
        FilterRegistrationBean<CorsFilter> cors() {
            var rules = new CorsConfiguration().applyPermitDefaultValues();
            rules.setAllowedOrigins(List.of("https://notes.example"));
            var paths = new UrlBasedCorsConfigurationSource();
            paths.registerCorsConfiguration("/**", rules);
            var registration = new FilterRegistrationBean<>(new CorsFilter(paths));
            registration.setOrder(-1);
            return registration;
        }
        // endregion

        /** A filter like any that an application has. */
        @Bean
        Filter own() {
            return (request, response, chain) -> {
                String user = ((HttpServletRequest) request).getRemoteUser();
                ((HttpServletResponse) response).setHeader("Own-Filter", String.valueOf(user));
                chain.doFilter(request, response);
            };
        }

        @Bean
        Notes notes() {
            return new Notes();
        }
    }

    @RestController
    static class Notes {

        @GetMapping("/health")
        String health() {
            return "ok";
        }

        // region adapters spring controller
        @GetMapping("/me")
        String me(Principal user) {
            return user.getName();
        }

        @GetMapping("/password")
        String password(HttpServletRequest request) {
            LatchkeyFilter.check(request, Access.fresh());
            return "changed";
        }
        // endregion

        @GetMapping("/admin/page")
        String admin() {
            return "admin";
        }

        @GetMapping("/notes/{owner}/{note}")
        String note(@PathVariable("owner") String owner, @PathVariable("note") String note) {
            return "note " + note + " of " + owner;
        }

        @GetMapping("/later")
        Callable<String> later(Principal user) {
            return () -> "later " + user.getName();
        }

        @GetMapping("/fails")
        String fails() {
            throw new IllegalStateException("on purpose");
        }

        @GetMapping("/gone")
        ResponseEntity<String> gone() {
            return ResponseEntity.status(410).body("gone");
        }
    }

    @Test
    void filterProtectsAnApplicationOfSpringBoot() {
        SpringApplication spring = new SpringApplication(Application.class);
        spring.setDefaultProperties(Map.of(
                "server.port",
                "0",
                "server.address",
                "127.0.0.1",
                "spring.main.banner-mode",
                "off",
                "spring.jmx.enabled",
                "false"));
        try (ConfigurableApplicationContext context = spring.run()) {
            Latchkey auth = context.getBean(Latchkey.class);
            int port = ((ServletWebServerApplicationContext) context)
                    .getWebServer()
                    .getPort();
            App app = App.of(URI.create("http://127.0.0.1:" + port), () -> {});
            String user = "Authorization: Bearer " + auth.accessToken("alice");
            String fresh = "Authorization: Bearer " + auth.issue("alice").accessToken();
            String admin = "Authorization: Bearer "
                    + auth.accessToken("bob", Grant.create().claim("roles", List.of("admin")));

            assertThat(get(app, "/health")).isEqualTo("200 ok");
            assertThat(get(app, "/me")).startsWith("401 ").contains("token_missing");
            assertThat(get(app, "/me", user)).isEqualTo("200 alice");
            assertThat(get(app, "/admin/page", user)).startsWith("403 ").contains("role_missing");
            assertThat(get(app, "/admin/page", admin)).isEqualTo("200 admin");
            assertThat(get(app, "/password", user)).startsWith("401 ").contains("fresh_token_required");
            assertThat(get(app, "/password", fresh)).isEqualTo("200 changed");
            assertThat(get(app, "/later", user)).isEqualTo("200 later alice");
            assertThat(get(app, "/auth/refresh")).startsWith("405 ");
            assertThat(get(app, "/nowhere")).startsWith("401 ");
            assertThat(get(app, "/nowhere", user)).startsWith("404 ");
            assertThat(get(app, "/fails", user)).startsWith("500 ");
            assertThat(get(app, "/gone", user)).isEqualTo("410 gone");
            assertThat(get(app, "/notes/a/b", user)).isEqualTo("200 note b of a");
            assertThat(get(app, "/notes/%2e%2e/health")).startsWith("401 ");
            assertThat(get(app, "/notes/..;/health")).startsWith("401 ");
            assertThat(get(app, "/admin;x/page", user)).startsWith("403 ");
            assertThat(get(app, "/%61dmin/page", user)).startsWith("403 ");
            assertThat(Raw.get(app, "/me", "Origin: https://notes.example"))
                    .startsWith("HTTP/1.1 401")
                    .contains("Access-Control-Allow-Origin: https://notes.example")
                    .doesNotContain("Own-Filter");
            assertThat(Raw.get(app, "/me", user)).startsWith("HTTP/1.1 200").contains("Own-Filter: alice");
        }
    }

    private static String get(App app, String target, String... headers) {
        return Raw.brief(Raw.get(app, target, headers));
    }
}
