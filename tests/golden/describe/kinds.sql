-- The describe commands of what is no relation, over one of every kind of object.
\i objects.psql
\set ON_ERROR_STOP off
\echo == da
\da
\echo == dax app.*
\dax app.*
\echo == df
\df
\echo == df+ add_em
\df+ add_em
\echo == df+ app.pairs
\df+ app.pairs
\echo == dfx ~Odd*~
\dfx "Odd*"
\echo == dfat *.*
\dfat *.*
\echo == dfan to*
\dfan to*
\echo == dfp
\dfp
\echo == dfw rank
\dfw rank
\echo == df add_em int
\df add_em int
\echo == df add_em text text[] -
\df add_em text text[] -
\echo == df * app.mood
\df * app.mood
\echo == dfz
\dfz
\echo == dfaz
\dfaz
\echo == df a.b.c
\df a.b.c
\echo == do
\do
\echo == do+ <
\do+ <
\echo == do app.*
\do app.*
\echo == do - integer
\do - integer
\echo == do II text text
\do || text text
\echo == do * tint tint
\do * tint tint
\echo == dT
\dT
\echo == dT+ app.*
\dT+ app.*
\echo == dT int
\dT int
\echo == dTx pair
\dTx pair
\echo == dD
\dD
\echo == dD+ *.*l
\dD+ *.*l
\echo == dC tint
\dC tint
\echo == dC+ app.mood
\dC+ app.mood
\echo == dCx tint
\dCx tint
\echo == dc
\dc
\echo == dc+ app.*
\dc+ app.*
\echo == dO
\dO
\echo == dO+ app.*
\dO+ app.*
\echo == dOx code_points
\dOx code_points
\echo == dL
\dL
\echo == dLS+
\dLS+
\echo == dA
\dA
\echo == dA+ h*
\dA+ h*
\echo == dAc btree tint
\dAc btree tint
\echo == dAc+ btree tint
\dAc+ btree tint
\echo == dAf btree tint
\dAf btree tint
\echo == dAf+ hash integer
\dAf+ hash integer
\echo == dAo btree tint_ops
\dAo btree tint_ops
\echo == dAo+ gist point_ops
\dAo+ gist point_ops
\echo == dAp btree tint_ops
\dAp btree tint_ops
\echo == dAp+ btree tint_ops
\dAp+ btree tint_ops
\echo == dAx nope
\dAx nope
\echo == dF *again
\dF *again
\echo == dF+ english_again
\dF+ english_again
\echo == dF+ app.*
\dF+ app.*
\echo == dF+ nope
\dF+ nope
\echo == dFd simple*
\dFd simple*
\echo == dFd+ simple*
\dFd+ simple*
\echo == dFp *.*
\dFp *.*
\echo == dFp+ app.*
\dFp+ app.*
\echo == dFt *.simple*
\dFt *.simple*
\echo == dFt+ *.simple*
\dFt+ *.simple*
\echo == du dsc*
\du dsc*
\echo == du+ *_*o*
\du+ *_*o*
\echo == dux ~Dsc Quoted~
\dux "Dsc Quoted"
\echo == dg dsc_login
\dg dsc_login
\echo == drg dsc*
\drg dsc*
\echo == drgx ~Dsc Quoted~
\drgx "Dsc Quoted"
\echo == drds dsc*
\drds dsc*
\echo == drds * golden
\drds * golden
\echo == drds nope
\drds nope
\echo == drds nope nope
\drds nope nope
\echo == dRp
\dRp
\echo == dRp+
\dRp+
\echo == dRpx part
\dRpx part
\echo == dRp+ nope
\dRp+ nope
\echo == dRs
\dRs
\echo == dRs+
\dRs+
\echo == dx
\dx
\echo == dx+
\dx+
\echo == dxx plpgsql
\dxx plpgsql
\echo == dx+ nope
\dx+ nope
\echo == dy
\dy
\echo == dy+ after*
\dy+ after*
\echo == dyx ~Replica~
\dyx "Replica"
\echo == dconfig work_mem
\dconfig work_mem
\echo == dconfig+ *_WORK_mem
\dconfig+ *_WORK_mem
\echo == dconfig dsc.*
\dconfig dsc.*
\echo == des
\des
\echo == des+
\des+
\echo == det *.*
\det *.*
\echo == det+ app.*
\det+ app.*
\echo == deu
\deu
\echo == deux+ near
\deux+ near
\echo == dew
\dew
\echo == dew+
\dew+
\echo == sf add_em
\sf add_em
\echo == sf add_em(int, int)
\sf add_em(int, int)
\echo == sf+ app.pairs
\sf+ app.pairs
\echo == sf+ do_nothing
\sf+ do_nothing
\echo == sf total
\sf total
\echo == sf nope
\sf nope
\echo == sf
\sf
\echo == sv app.item_names
\sv app.item_names
\echo == sv+ ~Odd View~
\sv+ "Odd View"
\echo == sv checked;
\sv checked;
\echo == sv plain
\sv plain
\echo == sv nope
\sv nope
\i objects_drop.psql
