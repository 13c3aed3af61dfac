# pgsh for Nix. The dependencies are those of Cargo.lock, so there is no hash to keep up to date.
{
  lib,
  stdenv,
  rustPlatform,
  installShellFiles,
}:

rustPlatform.buildRustPackage {
  pname = "pgsh";
  version = (lib.importTOML ../../Cargo.toml).package.version;

  src = lib.cleanSource ../..;
  cargoLock.lockFile = ../../Cargo.lock;

  nativeBuildInputs = [ installShellFiles ];

  # The tests start servers and want a terminal; .ci/run runs them.
  doCheck = false;

  postInstall = lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    cargo run --offline --example packaging -- generated
    installManPage generated/pgsh.1
    installShellCompletion --cmd pgsh \
      --bash generated/pgsh.bash --zsh generated/_pgsh --fish generated/pgsh.fish
    install -Dm644 psqlrc.example -t $out/share/pgsh
  '';

  meta = {
    description = "PostgreSQL shell: psql's language and bytes, faster and kinder";
    homepage = "https://github.com/pgsh/pgsh";
    license = with lib.licenses; [
      mit
      asl20
    ];
    mainProgram = "pgsh";
    platforms = lib.platforms.unix;
  };
}
