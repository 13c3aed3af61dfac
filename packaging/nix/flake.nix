# nix run 'git+https://github.com/pgsh/pgsh?dir=packaging/nix' -- --scratch
{
  description = "A PostgreSQL shell: psql's language and bytes, faster and kinder";

  inputs.nixpkgs.url = "nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forEach = nixpkgs.lib.genAttrs systems;
    in
    {
      packages = forEach (system: rec {
        pgsh = nixpkgs.legacyPackages.${system}.callPackage ./package.nix { };
        default = pgsh;
      });
    };
}
