# The application without anything that only the local run needs. It wants a database: SPRING_DATASOURCE_URL.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml .
RUN mvn -B -q dependency:go-offline
COPY src src
COPY db db
COPY examples examples
RUN mvn -B -q package -DskipTests \
 && java -Djarmode=tools -jar target/meshwright-*.jar extract --layers --destination target/layers --application-filename meshwright.jar

FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 10001 meshwright && useradd --system --uid 10001 --gid 10001 --no-create-home meshwright
WORKDIR /app
COPY --from=build /build/target/layers/dependencies/ ./
COPY --from=build /build/target/layers/spring-boot-loader/ ./
COPY --from=build /build/target/layers/snapshot-dependencies/ ./
COPY --from=build /build/target/layers/application/ ./
USER 10001:10001
ENV SERVER_ADDRESS=0.0.0.0 \
    LOGGING_STRUCTURED_FORMAT_CONSOLE=ecs \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
EXPOSE 8080
ENTRYPOINT ["java", "-jar", "/app/meshwright.jar"]
